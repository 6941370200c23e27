"""Opportunities, their steps and the trials."""

from __future__ import annotations

from generator import plan
from generator.columns.kinds import MUST, POSITIVE, Column, Table, id_of, one_of, ref

ORIGINS = [*plan.ORIGINS, plan.SALES_ORIGIN]
OUTCOMES = ["open", "won", "lost", "no_decision"]

TABLES = {
    "opportunities": Table(
        "Opportunities",
        "a qualified deal",
        ("opp_id",),
        (
            id_of("opp_id", "O", 4, "Opportunity", "Id of the deal."),
            ref("account_id", "accounts", "Account", "Who buys."),
            ref("contact_id", "contacts", "Contact", "Whom it began with."),
            ref("territory_id", "territories", "Territory", "Whose deal it is."),
            one_of("origin", "Origin", "Origin of its lead; sales_prospecting if sales found it.", ORIGINS),
            ref("campaign_id", "campaigns", "Campaign", "Campaign of its lead; empty if none.", required=False),
            Column("created_at", "day", "Created on", "Entry into the step qualified.", limits=MUST),
            one_of("step_id", "Step", "Step it stands in, or the last one before it was closed.", list(plan.STEPS)),
            one_of("outcome", "Outcome", "open, won, lost or no_decision.", OUTCOMES),
            Column("closed_at", "day", "Closed on", "Day of winning or losing; empty while open."),
            Column("amount_eur", "euros", "Amount", "Contract value.", "EUR", POSITIVE),
            Column(
                "crm_probability",
                "share",
                "CRM probability",
                "The CRM's default for the step, 0–1; nobody calibrated it.",
                "fraction",
                {"required": True, "minimum": 0, "maximum": 1},
            ),
            Column(
                "close_date_planned",
                "day",
                "Planned close",
                "When the rep expects the signature, after all moves (close_date_moves); may lie ahead.",
                limits=MUST,
            ),
            Column("next_step_on", "day", "Next step on", "Day agreed for the next step; empty if none or closed."),
            one_of("purchase_type", "Purchase type", "First purchase or again.", ["new_business", "rebuy"]),
            Column("joint_call", "flag", "Joint call", "Somebody from marketing came along to a meeting.", limits=MUST),
            Column("brand_known", "flag", "Brand known", "The buyer knew us before the first talk.", limits=MUST),
            one_of(
                "lost_reason",
                "Lost reason",
                "Why it was lost; empty if it was not.",
                [*plan.LOST_REASONS, "no_decision"],
                False,
            ),
        ),
    ),
    "stage_history": Table(
        "Stage history",
        "the day a deal entered a step, or was closed as lost or no_decision; a skipped step has no row",
        ("opp_id", "step_id"),
        (
            ref("opp_id", "opportunities", "Opportunity", "Which deal."),
            one_of("step_id", "Step", "Step entered, or how it was closed.", [*plan.STEPS, "lost", "no_decision"]),
            Column("entered_at", "day", "Entered on", "Day of entry.", limits=MUST),
        ),
    ),
    "close_date_moves": Table(
        "Moves of the planned close",
        "a day on which a rep moved a deal's planned close to a later day (a push)",
        ("opp_id", "moved_on"),
        (
            ref("opp_id", "opportunities", "Opportunity", "Which deal."),
            Column("moved_on", "day", "Moved on", "Day of the change.", limits=MUST),
            Column("close_date_before", "day", "Planned before", "Planned close until then.", limits=MUST),
            Column(
                "close_date_after", "day", "Planned after", "Planned close from then on; may lie ahead.", limits=MUST
            ),
            one_of("moved_by", "Moved by", "Who asked for the later day.", ["buyer", "rep", "manager"]),
        ),
    ),
    "trial_slots": Table(
        "Trial slots",
        "a day on which a technician can hold a tasting; those of next quarter are listed too, leave already taken off",
        ("slot_id",),
        (
            id_of("slot_id", "S", 4, "Slot", "Id of the slot."),
            ref("territory_id", "territories", "Territory", "Where."),
            Column("date", "day", "Date", "Day of the tasting; may lie ahead.", limits=MUST),
            Column("technician_id", "text", "Technician", "Who holds it.", limits=MUST),
            ref(
                "opp_id", "opportunities", "Booked for", "The deal it is booked for; empty when unused.", required=False
            ),
        ),
    ),
}
