"""The API described as OpenAPI 3.1 says it, from the table by which requests are checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from hosting.endpoints import TEXT_BYTES, Endpoint, Parameter

Schema = dict[str, Any]

_TYPES = {int: "integer", float: "number", bool: "boolean", str: "string", list: "array"}
_BOUNDS: dict[type, tuple[str, str]] = {
    str: ("minLength", "maxLength"),
    list: ("minItems", "maxItems"),
}
_FOUND = {
    "classify": ("text", "label", "probability", "uncertain", "labels", "pieces", "after"),
    "translate": ("text", "translation", "lost_numbers", "sentences"),
    "accents": ("text", "restored", "letters"),
    "sample": ("prompt", "text"),
    "caption": ("captions",),
    "frames": ("films",),
}
"""What each answer holds, beside what else the command line prints with `--json`."""


def schema(parameter: Parameter) -> Schema:
    """A parameter as JSON Schema says it."""
    found: Schema = {"type": _TYPES[parameter.type], "description": parameter.summary}
    names = _BOUNDS.get(parameter.type, ("minimum", "maximum"))
    for name, bound in zip(names, (parameter.least, parameter.most), strict=True):
        if bound is not None:
            found[name] = bound
    if parameter.type is list:
        found["items"] = {"type": "string"}
    if parameter.default is None:
        found["type"] = [found["type"], "null"]
    if parameter.default is not ...:
        found["default"] = parameter.default
    return found


def describe(
    endpoints: Sequence[Endpoint], codes: Mapping[int, str], names: Collection[str]
) -> Schema:
    """The whole description. `codes` are the errors' by status, `names` those of all models."""
    paths = {f"/v1/{endpoint.name}": {"post": _operation(endpoint)} for endpoint in endpoints}
    listed = {"200": {"description": f"The names of {len(names)} models, by endpoint."}}
    error = {
        "type": "object",
        "properties": {
            "error": {
                "type": "object",
                "properties": {
                    "code": {"enum": sorted(codes.values())},
                    "message": {"type": "string"},
                },
                "required": ["code", "message"],
            }
        },
        "required": ["error"],
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "RNN Lab",
            "version": "1",
            "description": "The networks of RNN Lab. Answers are what `python -m engine NAME "
            "--json` prints.",
        },
        "servers": [{"url": "/api"}],
        "paths": {**paths, "/v1/models": {"get": {"summary": "Models", "responses": listed}}},
        "components": {
            "responses": {
                "Error": {
                    "description": "Why there is no answer: see its code.",
                    "content": {"application/json": {"schema": error}},
                }
            }
        },
    }


def _operation(endpoint: Endpoint) -> Schema:
    model = {"enum": endpoint.models(), "description": "Which network."}
    fields = {parameter.name: schema(parameter) for parameter in endpoint.parameters}
    needed = ["model", *(p.name for p in endpoint.parameters if p.default is ...)]
    operation: Schema = {"summary": endpoint.summary, "operationId": endpoint.name}
    if endpoint.files:
        limit = f"At most {endpoint.most} bytes."
        operation["parameters"] = [
            {"name": name, "in": "query", "required": name in needed, "schema": field}
            for name, field in {"model": model, **fields}.items()
        ]
        content: Schema = {kind: {"schema": {}} for kind in endpoint.files}
    else:
        limit = f"At most {TEXT_BYTES} bytes."
        content = {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {"model": model, **fields},
                    "required": needed,
                    "additionalProperties": False,
                }
            }
        }
    operation["requestBody"] = {"required": True, "description": limit, "content": content}
    found: Schema = {"type": "object", "required": list(_FOUND[endpoint.name])}
    if endpoint.several:
        fault = {"type": "object", "required": ["text", "error"]}
        each = {"type": "array", "items": {"anyOf": [found, fault]}}
        found = {"type": "object", "properties": {"results": each}, "required": ["results"]}
    answer = {"description": "The answer.", "content": {"application/json": {"schema": found}}}
    error = {"$ref": "#/components/responses/Error"}
    operation["responses"] = {"200": answer, "default": error}
    return operation
