"""A value that is refused is told of in words of our own: never pydantic's, never a pattern."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError
from pydantic_core.core_schema import ErrorType

from shared import wrong_values
from shared.http.requests import Batch, EditPlan, EstimateRequest, NewVideo, Resume, StartGeneration

LIBRARYS = re.compile(r"[Ii]nput should|Field required|Extra inputs|pattern|Value error|String should|\[|\\|\{")
NEW = {"title": "t", "filename": "f", "contentType": "audio/mpeg", "fileSize": 1}
START = {"videoId": "v"}
WRONG: list[tuple[type[BaseModel], dict[str, Any], str]] = [
    (NewVideo, {}, "is missing"),
    (NewVideo, NEW | {"title": ""}, "at least 1"),
    (NewVideo, NEW | {"title": 3}, "must be text"),
    (NewVideo, NEW | {"fileSize": 0}, "1 or more"),
    (NewVideo, NEW | {"fileSize": "x"}, "a whole number"),
    (NewVideo, NEW | {"other": 1}, "not a field"),
    (NewVideo, NEW | {"metadata": []}, "an object"),
    (NewVideo, NEW | {"metadata": {str(n): "" for n in range(17)}}, "at most 16 entries"),
    (StartGeneration, {"videoId": "a/b"}, "must be an id"),
    (StartGeneration, START | {"languageCode": "x"}, "such as en-US"),
    (StartGeneration, START | {"style": "noir"}, "must be one of 'realistic'"),
    (StartGeneration, START | {"targetDuration": True}, "must be a number"),
    (StartGeneration, START | {"budget": 10**400}, "must be"),
    (EstimateRequest, {"recordingSeconds": 0}, "more than 0"),
    (EstimateRequest, {"recordingSeconds": 99_999}, "14400 or less"),
    (Resume, {"orderAgain": "yes"}, "true or false"),
    (Resume, {"scenes": {}}, "a list"),
    (Batch, {"items": []}, "at least 1 entries"),
    (Batch, {"items": [1]}, "an object"),
    (EditPlan, {"edits": [{"op": "recut"}]}, "no 'op' that is known; choose one of 'scene', 'retake', "),
    (EditPlan, {"edits": [{"scene": "s1"}]}, "must have 'op'"),
]


@pytest.mark.parametrize(("model", "body", "words"), WRONG)
def test_the_words_are_ours(model: type[BaseModel], body: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as failure:
        model.model_validate(body)
    sentence = wrong_values.first(failure.value)[1]
    assert words in sentence
    assert not LIBRARYS.search(sentence)
    assert sentence != wrong_values.OTHERWISE


@pytest.mark.parametrize("kind", get_args(ErrorType))
def test_no_kind_of_error_says_more_than_the_table(kind: str) -> None:
    limits = re.findall(r"\{(\w+)\}", wrong_values.SENTENCES.get(kind, ""))
    sentence = wrong_values.of({"type": kind, "msg": "Input should be", "ctx": dict.fromkeys(limits, 7)})
    assert not LIBRARYS.search(sentence)


def test_the_table_names_real_kinds() -> None:
    assert wrong_values.SENTENCES.keys() <= set(get_args(ErrorType))
