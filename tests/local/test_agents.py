"""An AI agent directs a video by the protocol's own client, on standard input and output; others come by HTTP."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import uvicorn
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

from local import site
from local.agents import server
from local.agents.command import HOST
from local.agents.kinds import KINDS
from local.store.store import Store
from local.system import LocalSystem
from shared.models import video_models
from tests.chaos.run import SHORT, recording_of
from tests.local import film
from tests.local.jobs import quick
from tests.local.test_make import ROOT, clean, command
from tests.unit import font_files
from tests.unit.picture_files import photo

pytestmark = pytest.mark.timeout(600)
WAIT = {"waitSeconds": 50}
# Enough for a plan, and not for a clip: what is agreed to later comes on top of it.
PLANNING_USD = 0.15


@pytest.fixture(name="data", scope="module")
def folder_of_the_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("agents") / "data"


@pytest.fixture(name="system", scope="module")
def served_system(data: Path) -> Iterator[LocalSystem]:
    with Store(data) as store, quick(store=store) as system:
        site.mount(system.cloud)
        yield system


class Agent:
    """An agent that calls one tool after another, and reads what they answer."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def call(self, tool: str, **arguments: Any) -> Any:
        result = await self.client.call_tool(tool, arguments)
        assert not result.is_error, result.content
        return result.structured_content

    async def refusal(self, tool: str, **arguments: Any) -> str:
        result = await self.client.call_tool(tool, arguments)
        assert result.is_error
        return str(getattr(result.content[0], "text", ""))


async def bring_font(agent: Agent, file: Path) -> str:
    """Return the id of a font of the user's own; what is none is refused."""
    wrong = file.with_suffix(".woff")
    wrong.write_bytes(b"wOFF")
    assert "InvalidRequest: path: " in await agent.refusal("upload_font", path=str(wrong))
    file.write_bytes(font_files.font())
    font = (await agent.call("upload_font", path=str(file)))["fontId"]
    assert [each["fontId"] for each in (await agent.call("list_fonts"))["fonts"]] == [font]
    return font


async def bring_ones_own(agent: Agent, folder: Path) -> tuple[str, str]:
    """Return the ids of a font and of music of the user's own; a photo is brought twice, and one of them deleted."""
    font = await bring_font(agent, folder / "acme.ttf")
    photo_file = folder / "harbour.jpg"
    photo_file.write_bytes(photo())
    other = (await agent.call("upload_picture", path=str(photo_file)))["imageId"]
    picture = (await agent.call("upload_picture", path=str(photo_file)))["imageId"]
    await agent.call("delete_own", kind="picture", ownId=other)
    assert [each["imageId"] for each in (await agent.call("list_pictures"))["images"]] == [picture]
    bed = film.lavfi("sine=330:duration=3", folder / "bed.mp3")
    music = (await agent.call("upload_music", path=str(bed)))["musicId"]
    assert [each["musicId"] for each in (await agent.call("list_music"))["pieces"]] == [music]
    assert "InvalidRequest: path: " in await agent.refusal("upload_music", path=str(folder / "none.mp3"))
    assert "MusicNotFound" in await agent.refusal("delete_own", kind="music", ownId="0" * 20)
    return font, music


async def have_it_seen(agent: Agent, video: str) -> None:
    """Choose a cover, and show the finished video to whoever has its link, for a while."""
    (version,) = (await agent.call("versions", videoId=video))["versions"]
    assert version["seconds"] == pytest.approx(SHORT, abs=0.5)
    tag = (await agent.call("show_plan", videoId=video))["etag"]
    cover = {"op": "cover", "at": 1.0, "text": "Words"}
    plan = (await agent.call("choose_cover", videoId=video, etag=tag, cover=cover))["plan"]
    assert plan["cover"]["text"] == "Words"
    assert "PlanChanged" in await agent.refusal("choose_cover", videoId=video, etag=tag, cover=cover)
    which = {"videoId": video, "generationId": version["generation_id"]}
    link = (await agent.call("share", **which))["publicLink"]
    assert requests.get(link, timeout=60).status_code == 200
    await agent.call("unshare", **which)
    assert requests.get(link, timeout=60).status_code == 404
    assert "VersionNotFound" in await agent.refusal("share", videoId=video, generationId="none")


async def make_a_format(agent: Agent, video: str) -> None:
    """Another format is made at once, for nothing; captions in another language nobody here could translate."""
    await agent.call("status", videoId=video, **WAIT)
    wish = {"videoId": video, "aspectRatio": "1:1"}
    assert "InvalidRequest: captionLanguage: " in await agent.refusal("make_variant", **wish, captionLanguage="es")
    assert "PresetNotFound" in await agent.refusal("make_variant", **wish, preset="none")
    started = await agent.call("make_variant", **wish)
    assert (started["buys"], started["usd"]) == ([], 0)
    record = (await agent.call("status", videoId=started["videoId"], **WAIT))["video"]
    assert (record["ai_generation_status"], record["variant_of"]) == ("completed", video)
    assert record["ai_generation_data"]["cost_breakdown"]["total"] == 0


async def make_clips(agent: Agent, system: LocalSystem, recording: Path) -> None:
    """Moments are looked for when the most that it can cost is agreed to, and a clip is planned of one."""
    video, own = await bring_words(agent, recording)
    answers = len(system.openai.ledger.entries)
    search = {"count": 1, "targetDuration": 5, "transcriptId": own}
    offer = await agent.call("find_moments", videoId=video, maxUsd=0, search=search)
    assert (offer["started"], 0 < offer["usd"] < offer["mostUsd"]) == (False, True)
    wish: dict[str, Any] = {"videoId": video, "search": search, "confirm": True}
    assert "BudgetExceeded" in await agent.refusal("find_moments", **wish, maxUsd=0.01)
    assert "MomentsMissing" in await agent.refusal("show_moments", videoId=video)
    assert len(system.openai.ledger.entries) == answers
    await agent.call("find_moments", **wish, maxUsd=offer["mostUsd"])
    record = (await agent.call("status", videoId=video, **WAIT))["video"]
    spent_usd = record["ai_generation_data"]["cost_breakdown"]["total"]
    assert (record["ai_generation_status"], 0 < spent_usd <= offer["mostUsd"]) == ("awaiting_review", True)
    ranking = await agent.call("show_moments", videoId=video)
    assert ([moment["id"] for moment in ranking["moments"]], ranking["judgedBy"]) == (["m1"], "a stand-in")
    await make_clip(agent, video)


async def make_clip(agent: Agent, parent: str) -> None:
    wish = {"videoId": parent, "clips": {"moments": ["m1"], "goal": "plan"}}
    offer = await agent.call("make_clips", **wish, maxUsd=0)
    assert (offer["started"], 0 < offer["usd"] < offer["mostUsd"]) == (False, True)
    assert "BudgetExceeded" in await agent.refusal("make_clips", **wish, maxUsd=0.01, confirm=True)
    (clip,) = (await agent.call("make_clips", **wish, maxUsd=PLANNING_USD, confirm=True))["clips"]
    record = (await agent.call("status", videoId=clip["videoId"], **WAIT))["video"]
    assert (record["ai_generation_status"], record["parent_id"]) == ("awaiting_review", parent)
    assert record["ai_generation_data"]["cost_breakdown"]["transcription"] == 0
    assert (await agent.call("show_plan", videoId=clip["videoId"]))["plan"]["words"][-1]["text"] == "hear."


async def bring_words(agent: Agent, recording: Path) -> tuple[str, str]:
    """Return the ids of a recording that is uploaded, and of what is said in it, so that nobody has to hear it."""
    video = (await agent.call("upload_recording", path=str(recording)))["videoId"]
    transcript = recording.with_suffix(".srt")
    transcript.write_text("1\n00:00:00,000 --> 00:00:04,000\nWords that nobody had to hear.\n", encoding="utf-8")
    return video, (await agent.call("upload_transcript", videoId=video, path=str(transcript)))["transcriptId"]


async def direct(client: Client, system: LocalSystem, recording: Path) -> None:
    """A whole journey; what each step buys is what it said it would."""
    agent = Agent(client)

    def sales() -> tuple[int, float]:
        clips = system.veo.ledger.clips()
        return len(clips), round(
            sum(video_models.clip_cost(video_models.model(clip.model), int(clip.seconds)) for clip in clips), 6
        )

    hints = {tool.name: tool.annotations for tool in (await client.list_tools()).tools}
    assert {name for name, hint in hints.items() if hint and hint.read_only_hint} == {
        name for name, kind in KINDS.items() if kind == "reads"
    }
    video, own = await bring_words(agent, recording)
    choices = {"targetDuration": 5, "transcriptId": own}
    wish: dict[str, Any] = {"videoId": video, "goal": "plan", "choices": choices}
    offer = await agent.call("make_video", **wish, maxUsd=PLANNING_USD)
    assert (offer["started"], offer["estimate"]["cost"]["total"] > 0) == (False, True)
    assert (await agent.call("status", videoId=video))["video"].get("ai_generation_status") is None
    await agent.call("make_video", **wish, maxUsd=PLANNING_USD, confirm=True)
    record = await agent.call("status", videoId=video, **WAIT)
    assert record["video"]["ai_generation_status"] == "awaiting_review"

    first = await agent.call("show_plan", videoId=video)
    heard_usd = record["video"]["ai_generation_data"]["cost_breakdown"]["transcription"]
    assert (first["plan"]["words"][-1]["text"], heard_usd) == ("hear.", 0)
    scene = first["plan"]["scenes"][0]["id"]
    font, music = await bring_ones_own(agent, recording.parent)
    edits = [
        {"op": "scene", "scene": scene, "prompt": "A harbour"},
        {"op": "captions", "font": font},
        {"op": "music", "music": music},
    ]
    plan = await agent.call("edit_plan", videoId=video, etag=first["etag"], edits=edits)
    assert (plan["plan"]["captionStyle"]["font"], plan["plan"]["music"]) == (font, music)
    assert (await agent.refusal("edit_plan", videoId=video, etag=first["etag"], edits=edits)).count("PlanChanged")

    price = await agent.call("run", videoId=video, maxUsd=0)
    assert (price["usd"], price["started"], sales()) == (sum(each["usd"] for each in price["buys"]), False, (0, 0))
    assert "BudgetExceeded" in await agent.refusal("run", videoId=video, maxUsd=price["usd"] - 0.01, confirm=True)
    await agent.call("run", videoId=video, maxUsd=price["usd"], confirm=True, etag=price["etag"])
    assert (await agent.call("status", videoId=video, **WAIT))["video"]["ai_generation_status"] == "completed"
    clips = len(price["buys"])
    assert sales() == (clips, price["usd"])

    take = {"videoId": video, "sceneId": scene, "prompt": "A mountain"}
    again = await agent.call("retake", **take, maxUsd=0)
    assert "BudgetExceeded" in await agent.refusal("retake", **take, maxUsd=again["usd"] - 0.01, confirm=True)
    await agent.call("retake", **take, maxUsd=again["usd"], confirm=True)
    assert (await agent.call("status", videoId=video, **WAIT))["video"]["ai_generation_status"] == "completed"
    assert sales() == (clips + 1, pytest.approx(price["usd"] + again["usd"]))
    takes = (await agent.call("show_plan", videoId=video))["plan"]["scenes"][0]["takes"]
    await agent.call("choose_take", videoId=video, sceneId=scene, takeId=takes[-1]["id"])
    assert (await agent.call("run", videoId=video, maxUsd=0, confirm=True))["buys"] == []
    await agent.call("status", videoId=video, **WAIT)
    assert sales()[0] == clips + 1
    await have_it_seen(agent, video)
    files = {file["path"] for file in (await agent.call("export", videoId=video))["export"]["files"]}
    assert {"captions.srt", "plan.json"} <= files
    assert "NotProcessing" in await agent.refusal("cancel", videoId=video)
    await make_a_format(agent, video)
    await make_clips(agent, system, recording)
    # Neither has bought a clip.
    assert sales()[0] == clips + 1


def test_an_agent_directs_a_video_and_buys_what_was_agreed_to(system: LocalSystem, data: Path, tmp_path: Path) -> None:
    program, *arguments = command("mcp", "--data", data)

    async def journey() -> None:
        parameters = StdioServerParameters(command=program, args=arguments, env=clean(), cwd=ROOT)
        async with Client(parameters) as client:
            await direct(client, system, recording_of(tmp_path, SHORT))

    asyncio.run(journey())


@pytest.fixture(name="address", scope="module")
def server_of_callers(system: LocalSystem) -> Iterator[str]:
    app = server.of_callers(system.cloud.api_url).streamable_http_app(host=HOST)
    service = uvicorn.Server(uvicorn.Config(app, host=HOST, port=0, log_level="warning", lifespan="on"))
    listener = service.config.bind_socket()
    thread = threading.Thread(target=service.run, args=([listener],))
    thread.start()
    yield f"http://{HOST}:{listener.getsockname()[1]}/mcp"
    service.should_exit = True
    thread.join()


def test_each_caller_acts_by_a_token_of_their_own(system: LocalSystem, address: str) -> None:
    async def names(user: str) -> tuple[set[str], list[Any]]:
        headers = {"Authorization": f"Bearer {system.token(user)()}"}
        async with (
            create_mcp_http_client(headers=headers) as http,
            Client(streamable_http_client(address, http_client=http)) as client,
        ):
            tools = {tool.name for tool in (await client.list_tools()).tools}
            return tools, (await Agent(client).call("list_videos"))["videos"]

    tools, videos = asyncio.run(names("other"))
    # What reads a file of this machine is not for whoever comes by HTTP.
    assert tools == set(KINDS) - {*server.ON_THIS_MACHINE}
    assert videos == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer none"}, 401),
        ({"Origin": "https://example.com"}, 403),
        ({"Host": "example.com"}, 421),
    ],
)
def test_a_stranger_is_refused(system: LocalSystem, address: str, headers: dict[str, str], status: int) -> None:
    token = {} if status == 401 else {"Authorization": f"Bearer {system.token()()}"}
    accept = {"Accept": "application/json, text/event-stream"}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    answer = requests.post(address, json=body, headers={**token, **accept, **headers}, timeout=60)
    assert answer.status_code == status
