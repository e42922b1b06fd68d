"""The vendors' own descriptions of their interfaces, as the judge of what we send.

Those of Resend, SendGrid and Mailgun lie beside the repository, in ../shared/specs; that of Amazon SES comes with
boto3. Without them a request is judged by the limits in the simulated services alone.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from hostile_provider import Asked
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest

SPECS = Path(__file__).resolve().parent.parent.parent / "shared" / "specs"
# where each description is, whose host it speaks of, and the place in it that we call
_DESCRIBED = {
    "resend": ("resend/resend.yaml", "https://api.resend.com", "/emails/batch"),
    "sendgrid": ("sendgrid/tsg_mail_v3.yaml", "https://api.sendgrid.com", "/v3/mail/send"),
    "mailgun": ("mailgun/openapi.yaml", "https://api.mailgun.net", "/v3/{domain_name}/messages"),
}


def is_described(name: str) -> bool:
    """Whether the vendor's description is at hand."""
    return name == "ses" or (name in _DESCRIBED and (SPECS / _DESCRIBED[name][0]).is_file())


def complaint(name: str, asked: Asked) -> str:
    """What the vendor's description finds wrong with a request, or an empty string."""
    if not is_described(name):
        return ""
    if name == "ses":
        return _wrong_for_ses(asked)
    _, host, _ = _DESCRIBED[name]
    headers = {k.title(): v for k, v in asked.headers.items() if k != "host"}
    kind = asked.headers["content-type"]
    path = urlsplit(asked.target).path
    request = MockRequest(host, "post", path, headers=headers, data=asked.body, content_type=kind)
    try:
        _description(name).validate_request(request)
    except OpenAPIError as error:
        cause = error.__cause__
        return f"{error}: {getattr(cause, 'schema_errors', cause)}"[:2000]
    return ""


@cache
def _description(name: str) -> Any:
    file, _, path = _DESCRIBED[name]
    document = yaml.load((SPECS / file).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    # what we do not call need not be read
    document["paths"] = {path: document["paths"][path]}
    return OpenAPI.from_dict(document, config=Config(spec_validator_cls=None))


@cache
def _ses_shape() -> Any:
    from botocore.session import Session

    return Session().get_service_model("sesv2").operation_model("SendBulkEmail")


def _wrong_for_ses(asked: Asked) -> str:
    from botocore.validate import ParamValidator

    operation = _ses_shape()
    if asked.target != operation.http["requestUri"]:
        return f"SendBulkEmail is at {operation.http['requestUri']}"
    report = ParamValidator().validate(json.loads(asked.body), operation.input_shape)
    return str(report.generate_report()) if report.has_errors() else ""
