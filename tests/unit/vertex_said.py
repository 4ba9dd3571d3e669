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
OTHER = (
    "`negativePrompt` isn't supported by this model.",
    "Request contains an invalid argument.",
    "durationSeconds must be one of 4, 6, 8",
    "Permission 'aiplatform.endpoints.predict' denied on resource",
    "",
)
