"""What we say to whom, with which asset, and how buyers compare us with rivals."""

from __future__ import annotations

from generator import plan
from generator.columns.kinds import MUST, Column, Table, id_of, one_of, ref
from generator.places import OFFICE_INDUSTRIES, TITLES

RIVALS = ["Northcup", "Bravona", "Kettleworks"]
ISSUES = [
    "taste_of_the_coffee",
    "food_safety",
    "invoice_accuracy",
    "tasting_before_purchase",
    "repair_within_a_day",
    "cost_per_cup",
    "energy_use",
    "contract_flexibility",
    "own_trainer_on_site",
]

_STEPS = list(plan.STEPS[:-1])


def _points(name: str, title: str, description: str) -> Column:
    return Column(name, "whole", title, description, "points", MUST | {"minimum": 1, "maximum": 10})


TABLES = {
    "features": Table(
        "Features",
        "a feature of the office coffee system, told for one job title",
        ("feature_id", "job_title"),
        (
            Column("feature_id", "text", "Feature", "Id of the feature.", limits=MUST | {"pattern": "F[0-9]"}),
            Column("feature", "text", "Feature name", "What the machine or the service does.", limits=MUST),
            one_of("job_title", "Job title", "For whom.", list(TITLES)),
            Column("benefit", "text", "Benefit", "What this reader gets from it.", limits=MUST),
            Column("metric", "text", "Metric", "The number of this reader that it moves.", limits=MUST),
        ),
    ),
    "assets": Table(
        "Assets",
        "something a seller can show or hand over",
        ("asset_id",),
        (
            Column(
                "asset_id", "text", "Asset", "Id of the asset.", limits=MUST | {"unique": True, "pattern": "AS[0-9]{2}"}
            ),
            Column("name", "text", "Name", "What it is called.", limits=MUST),
            one_of(
                "kind", "Kind", "What it is.", ["sheet", "case_study", "calculator", "slides", "video", "sample_kit"]
            ),
            one_of("job_title", "Job title", "Whom it is written for.", list(TITLES)),
            one_of("industry", "Industry", "Which firms it is written for.", list(OFFICE_INDUSTRIES)),
            one_of("made_by", "Made by", "Who made it.", ["marketing", "sales", "joint"]),
        ),
    ),
    "asset_use": Table(
        "Asset use",
        "an asset shown or sent in a deal; only the first time in each deal is noted",
        ("opp_id", "asset_id"),
        (
            ref("opp_id", "opportunities", "Opportunity", "In which deal."),
            ref("asset_id", "assets", "Asset", "Which asset."),
            one_of("step_id", "Step", "Step the deal stood in.", _STEPS),
            Column("used_on", "day", "Used on", "Day of use.", limits=MUST),
        ),
    ),
    "win_loss": Table(
        "Win–loss interviews",
        "an issue that a buyer spoke about after the decision; not every buyer speaks about every issue",
        ("opp_id", "issue"),
        (
            ref("opp_id", "opportunities", "Opportunity", "The decided deal."),
            one_of("rival", "Rival", "The rival that was compared.", RIVALS),
            one_of("issue", "Issue", "What the buyer spoke about.", ISSUES),
            _points("importance", "Importance", "How much it counted for the choice, 1–10."),
            _points("ours", "Ours", "How well we do, 1–10."),
            _points("theirs", "Theirs", "How well the rival does, 1–10."),
        ),
    ),
    "competitor_offers": Table(
        "Competitors' offers",
        "an offer of a rival that a buyer told us about",
        ("offer_id",),
        (
            id_of("offer_id", "CO", 4, "Offer", "Id of the offer."),
            ref("account_id", "accounts", "Account", "To whom it was made."),
            ref(
                "opp_id",
                "opportunities",
                "Opportunity",
                "In which open deal; empty for packaged goods.",
                required=False,
            ),
            one_of("rival", "Rival", "Who made it.", RIVALS),
            Column("offered_on", "day", "Offered on", "Day of the offer.", limits=MUST),
            Column(
                "price_of_list",
                "share",
                "Price",
                "What the buyer would pay the rival for the same goods, as a share of our list price.",
                "fraction",
                MUST | {"minimum": 0, "maximum": 1},
            ),
            Column("delivery_weeks", "whole", "Delivery", "Weeks until they deliver.", "weeks", MUST | {"minimum": 1}),
        ),
    ),
}
