"""The two formats that come in: which columns they have, which are needed, and what people call them."""

from collections.abc import Mapping

from meetings_app.spreadsheets.headings import Column

LIST_COLUMNS = (
    Column("name", "the child’s name", required=True),
    Column("date_of_birth", "the date of birth", required=True),
    Column("area", "the area", required=True),
    Column("rating", "the rating", required=True),
    Column("listed_on", "the date the child went on the list", required=True),
    Column("lead_agency", "the lead agency", required=True),
    Column("next_review", "the date of the next review", required=True),
    Column("external_reference", "the reference in your own system"),
    Column("gender", "the gender"),
    Column("ethnicity", "the ethnicity"),
    Column("school", "the school"),
    Column("lead_professional", "the lead professional"),
    Column("learning_disability", "whether the child has a learning disability"),
    Column("looked_after", "whether the child is looked after"),
    Column("legal_status", "the legal status"),
    Column("exploitation_status", "the exploitation status"),
    Column("last_rated_on", "the date of the last rating"),
)
REFERRAL_COLUMNS = (
    Column("name", "the child’s name", required=True),
    Column("date_of_birth", "the date of birth", required=True),
    Column("area", "the area", required=True),
    Column("agency", "the agency that refers", required=True),
    Column("referrer", "the name of the referrer", required=True),
    Column("received_on", "the date the referral was received", required=True),
    Column("reason", "the reason for the referral", required=True),
    Column("external_reference", "the reference in your own system"),
    Column("gender", "the gender"),
    Column("ethnicity", "the ethnicity"),
    Column("school", "the school"),
    Column("urgent", "whether the referral is urgent"),
)
COLUMNS: Mapping[str, tuple[Column, ...]] = {"list": LIST_COLUMNS, "referrals": REFERRAL_COLUMNS}
