"""The shapes of well-known tokens: data only. A new provider's token is one more line.

Providers print a prefix so that a leaked token can be recognised; the shapes lean on it
and ask for enough characters behind that prose does not match. Which prefixes there are
was checked against the rules of gitleaks (MIT), which also ask for the exact length: a
token that is cut off, or longer tomorrow, is to be taken out all the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of one sort of secret in a text.

    ``hints`` are lower-case texts of which one occurs wherever the pattern matches: a
    cheap test that spares most texts the expression. Where the pattern has a group
    ``value``, only that is taken out. ``begins`` if the hints are how it begins, with no
    letter or digit before. ``id_only`` marks a public id, which is fine where ids belong.
    """

    what: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    begins: bool = False
    id_only: bool = False


def shape(what: str, hints: str, pattern: str) -> Shape:
    """Return a shape; ``hints`` stand in one text, with spaces between."""
    return Shape(what, tuple(hints.split()), re.compile(pattern))


def _token(what: str, hints: str, pattern: str, *, id_only: bool = False) -> Shape:
    """Return the shape of a token by how it begins; a letter or digit before would make it another word."""
    expression = re.compile(rf"(?<![A-Za-z0-9]){pattern}")
    return Shape(what, tuple(hints.split()), expression, begins=True, id_only=id_only)


PRIVATE_KEY: Final = shape(
    "a private key",
    "-----begin",
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:[\s\S]*?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|[\s\S]*)",
)

TOKENS: Final = (
    shape("a private key", "putty-user-key-file-", r"PuTTY-User-Key-File-\d[\s\S]*"),
    _token("an age key", "age-secret-key-", r"AGE-SECRET-KEY-1[A-Z0-9]{20,}"),
    _token("a JSON web token", "eyj", r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)*"),
    _token(
        "an encrypted JSON web token",
        "eyj",
        r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}",
    ),
    # Where code lives and is built.
    _token(
        "a GitHub token",
        "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
        r"(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})",
    ),
    _token(
        "a GitLab token",
        "glpat- gldt- glrt- glrtr- glcbt- glptt- glft- glimt- glagent- gloas- glsoat- glffct- gr1348941",
        r"(?:gl(?:pat|dt|rtr?|cbt|ptt|ft|imt|agent|oas|soat|ffct)-[A-Za-z0-9_.-]{16,}|"
        r"GR1348941[A-Za-z0-9_-]{16,})",
    ),
    _token(
        "an Atlassian token", "atatt3 atctt3 atbb", r"(?:AT[AC]TT3[A-Za-z0-9_=-]{20,}|ATBB[A-Za-z0-9]{24,})"
    ),
    _token("a Buildkite token", "bkua_", r"bkua_[a-f0-9]{32,}"),
    _token("a CircleCI token", "ccipat_", r"CCIPAT_[A-Za-z0-9_]{20,}"),
    _token("a Docker token", "dckr_", r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}"),
    _token("an npm token", "npm_", r"npm_[A-Za-z0-9]{30,}"),
    _token("a PyPI token", "pypi-age", r"pypi-AgE[A-Za-z0-9_-]{30,}"),
    _token("a NuGet key", "oy2", r"oy2[a-z0-9]{43}(?![A-Za-z0-9])"),
    _token("a RubyGems key", "rubygems_", r"rubygems_[a-f0-9]{32,}"),
    _token("a Clojars token", "clojars_", r"CLOJARS_[A-Za-z0-9]{40,}"),
    _token("an Artifactory key", "akcp cmvmd", r"(?:AKCp[A-Za-z0-9]{60,}|cmVmd[A-Za-z0-9]{55,})"),
    _token("a Postman key", "pmak-", r"PMAK-[a-f0-9]{24}-[a-f0-9]{20,}"),
    _token("a Sourcegraph token", "sgp_", r"sgp_(?:[a-f0-9]{16}_|local_)?[a-f0-9]{40}"),
    _token("a Sonar token", "sqp_ squ_ sqa_", r"sq[pua]_[a-f0-9]{40}"),
    _token("a Sentry token", "sntrys_ sntryu_", r"sntry[su]_[A-Za-z0-9+/=_-]{40,}"),
    # Models and agents.
    _token("an Anthropic key", "sk-ant-", r"sk-ant-[A-Za-z0-9_-]{16,}"),
    _token(
        "a key of an AI provider",
        "sk-",
        r"sk-(?:(?:proj|svcacct|admin|or-v1|lf|live|test|None)-[A-Za-z0-9_-]{12,}|[A-Za-z0-9]{20,})",
    ),
    _token("a Hugging Face token", "hf_ api_org_", r"(?:hf_[A-Za-z0-9]{20,}|api_org_[A-Za-z0-9]{30,})"),
    _token("a Groq key", "gsk_", r"gsk_[A-Za-z0-9]{40,}"),
    _token("an xAI key", "xai-", r"xai-[A-Za-z0-9]{40,}"),
    _token("a Perplexity key", "pplx-", r"pplx-[A-Za-z0-9]{32,}"),
    _token("a Replicate token", "r8_", r"r8_[A-Za-z0-9]{30,}"),
    _token("an NVIDIA key", "nvapi-", r"nvapi-[A-Za-z0-9_-]{40,}"),
    _token("a Tavily key", "tvly-", r"tvly-[A-Za-z0-9-]{20,}"),
    _token("a Pinecone key", "pcsk_", r"pcsk_[A-Za-z0-9_]{40,}"),
    _token("a LangSmith key", "lsv2_", r"lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}"),
    _token("a Weights and Biases key", "wandb_v1_", r"wandb_v1_[A-Za-z0-9_]{30,}"),
    # Clouds and platforms.
    _token(
        "an AWS access key id",
        "akia asia abia acca",
        r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])",
        id_only=True,
    ),
    _token(
        "an AWS Bedrock key",
        "absk bedrock-api-key-",
        r"(?:ABSK[A-Za-z0-9+/]{80,}=*|bedrock-api-key-[A-Za-z0-9+/=]{20,})",
    ),
    shape(
        "an Azure client secret",
        "q~",
        r"(?<![A-Za-z0-9~.-])[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~-])",
    ),
    _token(
        "a Google key",
        "aiza gocspx- ya29. 1//0",
        r"(?:AIza[A-Za-z0-9_-]{30,}|GOCSPX-[A-Za-z0-9_-]{20,}|ya29\.[A-Za-z0-9_.-]{20,}|1//0[A-Za-z0-9_-]{30,})",
    ),
    _token("an Alibaba access key id", "ltai", r"LTAI[A-Za-z0-9]{16,24}(?![A-Za-z0-9])", id_only=True),
    _token("a Yandex key", "aqvn", r"AQVN[A-Za-z0-9_-]{35,}"),
    _token("a DigitalOcean token", "dop_v1_ doo_v1_ dor_v1_ dot_v1_", r"do[oprt]_v1_[a-f0-9]{40,}"),
    _token("a Cloudflare key", "v1.0-", r"v1\.0-[a-f0-9]{24}-[a-f0-9]{100,}"),
    _token(
        "a Fly token",
        "fo1_ fm1r_ fm1a_ fm2_",
        r"(?:fo1_[A-Za-z0-9_-]{40,}|fm(?:1[ar]|2)_[A-Za-z0-9+/]{80,}=*)",
    ),
    _token("a Heroku key", "hrku-", r"HRKU-[A-Za-z0-9_-]{30,}"),
    _token("an OpenShift token", "sha256~", r"sha256~[A-Za-z0-9_-]{40,}"),
    _token("a Tailscale key", "tskey-", r"tskey-[A-Za-z0-9-]{16,}"),
    _token("a Vault token", "hvs. hvb. hvr.", r"hv[sbr]\.[A-Za-z0-9_-]{20,}"),
    shape("a Terraform token", ".atlasv1.", r"(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{40,}"),
    _token("a Pulumi token", "pul-", r"pul-[a-f0-9]{40}"),
    _token("a Doppler token", "dp.", r"dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9_.-]{30,}"),
    _token(
        "a 1Password key", "ops_eyj a3-", r"(?:ops_eyJ[A-Za-z0-9+/_-]{40,}=*|A3-[A-Z0-9]{6}-[A-Z0-9-]{20,})"
    ),
    _token("an Octopus key", "api-", r"API-[A-Z0-9]{26}(?![A-Z0-9])"),
    # Data.
    _token("a Databricks token", "dapi", r"dapi[a-f0-9]{32}(?:-\d)?(?![A-Za-z0-9])"),
    _token("a Prefect key", "pnu_ pnb_", r"pn[ub]_[A-Za-z0-9]{36}"),
    _token("an Airtable token", "pat", r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}"),
    _token("a Notion token", "ntn_", r"ntn_[A-Za-z0-9]{40,}"),
    _token("a PlanetScale secret", "pscale_", r"pscale_(?:tkn|oauth|pw)_[A-Za-z0-9_=.-]{32,}"),
    _token("a Supabase key", "sbp_ sb_secret_", r"(?:sbp_[a-f0-9]{40}|sb_secret_[A-Za-z0-9_-]{20,})"),
    _token(
        "a Grafana token",
        "glsa_ glc_",
        r"(?:glsa_[A-Za-z0-9]{20,}_[a-f0-9]{8}|glc_[A-Za-z0-9+/]{32,}={0,2})",
    ),
    _token("a Dynatrace token", "dt0c01. dt0s01.", r"dt0[cs]01\.[A-Z0-9]{24}\.[A-Z0-9]{40,}"),
    _token("a New Relic key", "nrak- nrii- nrjs- nral", r"NR(?:AK|II|JS)-[A-Za-z0-9_-]{19,}"),
    # Messages, money, shops.
    _token("a Slack token", "xox xapp-", r"(?:xox[abceoprs](?:\.xox[bp])?|xapp-\d)-[A-Za-z0-9-]{8,}"),
    shape(
        "a Slack webhook",
        "hooks.slack.com",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<value>[A-Za-z0-9/_-]{12,})",
    ),
    shape(
        "a webhook",
        "webhook.office.com discord",
        r"(?:webhook\.office\.com/webhookb2|discord(?:app)?\.com/api/webhooks)/(?P<value>[A-Za-z0-9@/_-]{20,})",
    ),
    shape("a Telegram token", ":aa", r"(?<!\d)\d{8,10}:AA[A-Za-z0-9_-]{32,35}(?![A-Za-z0-9_-])"),
    _token("a SendGrid key", "sg.", r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    _token("a Brevo key", "xkeysib- xsmtpsib-", r"x(?:key|smtp)sib-[a-f0-9]{40,}-[A-Za-z0-9]{10,}"),
    shape(
        "a Mailchimp key",
        "-us1 -us2 -us3 -us4 -us5 -us6 -us7 -us8 -us9",
        r"(?<![A-Za-z0-9])[a-f0-9]{32}-us\d{1,2}(?![A-Za-z0-9])",
    ),
    _token("a Mailgun key", "key-", r"key-[a-f0-9]{32}(?![A-Za-z0-9])"),
    _token(
        "a Twilio key",
        "sk0 sk1 sk2 sk3 sk4 sk5 sk6 sk7 sk8 sk9 ska skb skc skd ske skf",
        r"SK[a-f0-9]{32}(?![A-Za-z0-9])",
    ),
    _token("a Stripe key", "sk_ rk_ whsec_", r"(?:sk|rk|whsec)_(?:live_|test_|prod_)?[A-Za-z0-9]{16,}"),
    _token("a Square token", "sq0atp- sq0csp-", r"sq0(?:atp|csp)-[A-Za-z0-9_-]{22,}"),
    _token("a Shopify token", "shpat_ shpca_ shppa_ shpss_", r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
    _token("a Shippo token", "shippo_", r"shippo_(?:live|test)_[a-fA-F0-9]{32,}"),
    _token("a Figma token", "figd_", r"figd_[A-Za-z0-9_-]{30,}"),
    _token("a Linear key", "lin_api_", r"lin_(?:api|oauth)_[A-Za-z0-9]{30,}"),
    _token(
        "a HubSpot token",
        "pat-",
        r"pat-[a-z]{2}\d-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}",
    ),
    _token("a Contentful token", "cfpat-", r"CFPAT-[A-Za-z0-9_-]{30,}"),
    _token("a Facebook token", "eaa", r"EAA[A-Za-z0-9]{80,}"),
)
"""Tokens by provider."""
