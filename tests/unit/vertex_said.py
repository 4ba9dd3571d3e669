"""What Vertex AI has said, by what it means: wordings of public reports and of Google's documentation."""

from __future__ import annotations

# HKUDS/ViMax#20; pollinations#6153; Google's page on responsible AI for Veo; ai-dial-adapter-vertexai#66.
BLOCKED = (
    "The prompt could not be submitted. This prompt contains sensitive words that violate Google's Responsible AI "
    "practices. Try rephrasing your prompt, or contact your Google representative to request allowlisting. "
    "Support codes: 58061214",
    "The prompt could not be submitted. Support codes: 29310472",
    "Veo could not generate videos because the input image violates Agent Platform's usage guidelines. If you think "
    "this was an error, send feedback. Support codes: 15236754",
    "The prompt contains sensitive words that violate Google's Generative AI Prohibited Use policy.",
    "Image generation failed with the following error: The response is blocked, as it may violate our policies. "
    "Error Code: 58061214",
)
RETIRED = (
    "Publisher Model `publishers/google/models/veo-2.0-generate-001` is no longer available. Use a newer model.",
    "The model veo-3.0-generate-001 has been retired.",
)
# pollinations#9900, adk-python#833, python-genai#2079 and java-genai#570; the rest is Google's general wording.
PROJECT = {
    "Publisher Model `projects/p/locations/us-central1/publishers/google/models/veo-3.1-fast-generate-preview` was not "
    "found or your project does not have access to it. Please ensure you are using a valid model version.": "location",
    "Publisher Model `projects/ID/locations/asia-south1/publishers/google/models/veo` not found.": "location",
    "Invalid resource field value in the request.": "vertex_ai_project_id",
    "RESOURCE_PROJECT_INVALID": "vertex_ai_project_id",
    "User location is not supported for the API use.": "vertex_ai_location",
    "Unsupported region for Vertex AI, select from us-central1, europe-west4": "vertex_ai_location",
    "Vertex AI API has not been used in project 12 before or it is disabled.": "Enable the Vertex AI API",
    "This API method requires billing to be enabled.": "billing account",
    "Organization Policy constraint constraints/vertexai.allowedModels violated for projects/p.": "policy",
}
# A project's own trouble by the reason that Google gives, whatever the message says.
REASONS = {
    "SERVICE_DISABLED": "Enable the Vertex AI API",
    "BILLING_DISABLED": "billing account",
    "CONSUMER_INVALID": "vertex_ai_project_id",
    "RESOURCE_PROJECT_INVALID": "vertex_ai_project_id",
    "LOCATION_POLICY_VIOLATED": "policy",
}
# What a prompt may speak of without being any of the above.
_PROMPTS = (
    "A clerk in the billing department, who opens a bill.",
    "A wall of screens on which the API was disabled by a red switch.",
    "A sign says: this API method requires billing to be enabled.",
    "The old lamp is no longer available, the shop was shut down and the tower has been retired.",
    "A map whose region is not supported by any army; a location that was not found.",
    "A clerk reads the usage guidelines and a list of sensitive words.",
    "A tenant violates our policy and does not have access to the house.",
    "A guest who was never allowlisted waits at the door; the project was not found.",
    "Somebody is shown the responsible AI practices of a company.",
    "The publisher model of a ship, not found in the attic.",
)
OTHER = (
    "`negativePrompt` isn't supported by this model.",
    "Request contains an invalid argument.",
    "durationSeconds must be one of 4, 6, 8",
    "Permission 'aiplatform.endpoints.predict' denied on resource",
    "",
    *(f"Invalid value at 'instances[0].prompt' (TYPE_STRING), \"{prompt}\"" for prompt in _PROMPTS),
    *(f"Request contains an invalid argument: {prompt}" for prompt in _PROMPTS),
)
