"""What people wrote down about the inside of a server, for checks to compare with what is found there."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

RECORD_FACTS = (
    FactSpec(
        "record.accounts",
        FactType.RECORDS,
        "register of accounts of this server; kind is personal, service, supplier or emergency; until and"
        " tested are RFC 3339 or null; from_hour and to_hour are local hours of agreed work or null",
        record=(
            "name",
            "person",
            "purpose",
            "kind",
            "administrator",
            "until",
            "tested",
            "from_hour",
            "to_hour",
        ),
    ),
    FactSpec("record.keys", FactType.STRINGS, "SHA256: fingerprints of the public keys in the key register"),
    FactSpec(
        "record.leavers",
        FactType.STRINGS,
        "account names and SHA256: fingerprints of people who left or were transferred",
    ),
    FactSpec(
        "record.backups",
        FactType.RECORDS,
        "declared backups; path is the file on the server whose age tells the last success; restored is an"
        " instant in RFC 3339 or null",
        record=(
            "name",
            "path",
            "interval_hours",
            "off_server",
            "off_room",
            "encrypted",
            "unchangeable",
            "restored",
            "restore_good",
        ),
    ),
    FactSpec("record.jobs", FactType.STRINGS, "scheduled jobs in the runbook: cron commands and timer units"),
    FactSpec("record.services", FactType.STRINGS, "programs in the runbook that may listen, by process name"),
    FactSpec("record.units", FactType.STRINGS, "units of the role's baseline, with those of this server"),
    FactSpec("record.runbook", FactType.STRING, "reference of the runbook"),
    FactSpec(
        "record.runbook_reviewed", FactType.STRING, "day of its last review, RFC 3339; null: never", True
    ),
    FactSpec(
        "record.exercise", FactType.STRING, "day of the last switch-over or power-loss exercise, RFC 3339"
    ),
    FactSpec("record.exercise_good", FactType.BOOL, "it went well, or what was lacking is written down"),
    FactSpec("record.asset_hostname", FactType.STRING, "host name in the asset register"),
    FactSpec("record.asset_tag", FactType.STRING, "asset tag in the asset register"),
    FactSpec("record.asset_serial", FactType.STRING, "serial number in the asset register"),
    FactSpec("record.asset_model", FactType.STRING, "model in the asset register"),
    FactSpec("record.firmware_reviewed", FactType.STRING, "day the firmware was last reviewed, RFC 3339"),
    FactSpec(
        "record.accepted", FactType.STRING, "day of the accepted first audit, RFC 3339; null: not yet", True
    ),
    FactSpec(
        "record.published", FactType.STRING, "day the service was published, RFC 3339; null: not yet", True
    ),
    FactSpec(
        "record.releases",
        FactType.RECORDS,
        "tested releases of applications; tested is a day in RFC 3339",
        record=("application", "version", "tested"),
    ),
    FactSpec("record.licences", FactType.STRINGS, "non-free packages in the licence register"),
    FactSpec(
        "record.suid_files", FactType.STRINGS, "SUID and SGID files accepted beside those of the system"
    ),
    FactSpec(
        "record.own_software", FactType.STRINGS, "paths of own programs that may listen without a package"
    ),
    FactSpec("record.baseline", FactType.STRINGS, "accepted configuration, as lines `part sha256`"),
    FactSpec("record.test_databases", FactType.STRINGS, "databases that hold test data, masked"),
)
"""Of one server, from `record:` in the inventory; missing where nothing was written."""

APPROVED_FACTS = (
    FactSpec("approved.time_servers", FactType.STRINGS, "time servers that the organisation approves"),
    FactSpec("approved.log_servers", FactType.STRINGS, "log collectors that the organisation approves"),
    FactSpec(
        "approved.resolvers", FactType.STRINGS, "resolving or filtering DNS servers and proxies approved"
    ),
    FactSpec(
        "approved.repositories", FactType.STRINGS, "hosts of package mirrors approved beside the makers' own"
    ),
    FactSpec("approved.login_text", FactType.STRING, "words that every text shown before login contains"),
)
"""Of the whole organisation, from `host: approved:` in the policy; missing where nothing was written."""
