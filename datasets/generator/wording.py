"""What the sample company's seller says to whom: features told for each job title, and the list of assets."""

from __future__ import annotations

TITLE_ORDER = (
    "office manager",
    "facilities manager",
    "purchasing manager",
    "managing director",
    "chief financial officer",
    "human resources manager",
)

# Feature → for each title in TITLE_ORDER: benefit, and the number of this reader that it moves.
FEATURES = {
    "a sensor that orders repair before a failure": (
        ("nobody comes to your desk about a dead machine", "complaints a month"),
        ("a visit is planned, not rushed", "machine hours lost a month"),
        ("the service clause is kept without chasing", "calls answered within the contract's time"),
        ("visitors always find coffee", "visitors' rating"),
        ("no bill for emergency visits", "repair cost a machine a year"),
        ("breaks are not spent queueing at the other floor", "minutes lost a break"),
    ),
    "beans ground for each cup": (
        ("guests ask for a second cup", "cups served a meeting"),
        ("no open bags in the kitchen", "pest and hygiene findings"),
        ("one kind of bean serves all drinks", "number of articles bought"),
        ("the coffee says what the firm stands for", "visitors who name the firm's hospitality"),
        ("nothing old is thrown away", "share of coffee wasted"),
        ("good coffee is close by, so people stay in the house", "people who rate the workplace good"),
    ),
    "payment by badge with a log by cost centre": (
        ("no cash box and no list on the wall", "hours a month spent on coffee money"),
        ("use of each machine can be seen", "cups a machine a day"),
        ("orders follow use", "rush orders a quarter"),
        ("every unit carries its own cost", "cost that nobody owns"),
        ("coffee is booked where it is drunk", "hours to close the month"),
        ("free cups can be given to a team", "cost of a benefit a person"),
    ),
    "standby that needs a tenth of the power": (
        ("it is warm before the first person comes", "first cup ready at"),
        ("fewer circuits are at their limit", "kilowatt-hours a machine a year"),
        ("the energy line of the tender is met", "points in the tender's energy part"),
        ("one more step of the climate plan is done", "tonnes of carbon a year"),
        ("the bill is lower from the first month", "electricity cost a year"),
        ("people see that savings begin with us", "staff who say that we act on climate"),
    ),
    "one invoice a month for all sites": (
        ("one paper to check, not twelve", "invoices checked a month"),
        ("each site's use stands on one page", "sites compared a quarter"),
        ("one supplier number, one price", "suppliers on the list"),
        ("one contract to decide on", "contracts to renew a year"),
        ("less work in the accounts", "cost of handling invoices a year"),
        ("small offices get the same as the head office", "difference in satisfaction between sites"),
    ),
    "a milk line that cleans itself": (
        ("nobody has to clean up at six", "cleaning hours a week"),
        ("the log is ready for the inspector", "faults found at inspection"),
        ("cleaning needs no extra supplier", "cost of cleaning supplies a year"),
        ("no risk to guests' health", "incidents a year"),
        ("cleaning is in the rental, not on top", "cost outside the contract a year"),
        ("allergens are kept apart", "staff who can use the machine"),
    ),
}

# (job title, industry) → assets written for that reader: name, kind, who made it. The matrix's other cells are empty.
ASSETS = {
    ("chief financial officer", "professional_services"): (
        ("Savings sheet", "sheet", "joint"),
        ("Rent or buy", "calculator", "marketing"),
        ("Three-year cost in one page", "sheet", "marketing"),
    ),
    ("office manager", "professional_services"): (
        ("Tasting invitation", "sample_kit", "joint"),
        ("A week without complaints", "case_study", "marketing"),
        ("Who cleans what", "sheet", "sales"),
        ("Our machines in ninety seconds", "video", "marketing"),
    ),
    ("facilities manager", "manufacturing"): (
        ("Site survey guide", "sheet", "joint"),
        ("Shift change at the tool works", "case_study", "marketing"),
        ("Power and water plan", "sheet", "sales"),
        ("Where to put twelve machines", "slides", "marketing"),
    ),
    ("office manager", "manufacturing"): (
        ("Coffee for three shifts", "sheet", "marketing"),
        ("From vending to grinding", "video", "marketing"),
        ("Canteen or corner", "slides", "sales"),
    ),
    ("office manager", "healthcare"): (
        ("Milk and hygiene", "sheet", "joint"),
        ("A clinic changes machines", "case_study", "marketing"),
        ("Night shift menu", "sheet", "marketing"),
    ),
    ("office manager", "public_sector"): (
        ("Tender words explained", "sheet", "sales"),
        ("A town hall in spring", "case_study", "marketing"),
        ("What counts as a gift", "sheet", "marketing"),
    ),
    ("office manager", "education"): (
        ("Term time and holidays", "sheet", "marketing"),
        ("Staff room story", "case_study", "marketing"),
        ("Machines for a campus", "slides", "marketing"),
    ),
    ("facilities manager", "professional_services"): (
        ("Two square metres", "sheet", "sales"),
        ("Noise in open offices", "sheet", "marketing"),
        ("Move without a day lost", "case_study", "marketing"),
    ),
    ("facilities manager", "healthcare"): (
        ("Cleaning log sample", "sheet", "joint"),
        ("Water quality guide", "sheet", "marketing"),
        ("Service on wards", "slides", "marketing"),
    ),
    ("purchasing manager", "professional_services"): (
        ("Contract in plain words", "sheet", "sales"),
        ("Five offers compared", "calculator", "sales"),
        ("Supplier facts", "sheet", "marketing"),
    ),
    ("purchasing manager", "manufacturing"): (
        ("Framework contract sample", "sheet", "sales"),
        ("Spare parts promise", "sheet", "marketing"),
        ("One price for nine plants", "case_study", "marketing"),
    ),
    ("chief financial officer", "manufacturing"): (
        ("Cost of a coffee break", "calculator", "joint"),
        ("Off the balance sheet", "sheet", "marketing"),
    ),
    ("chief financial officer", "public_sector"): (
        ("Budget year calendar", "sheet", "marketing"),
        ("Cost of four years", "calculator", "marketing"),
    ),
    ("managing director", "professional_services"): (
        ("What guests remember", "slides", "marketing"),
        ("Letter from a customer", "case_study", "joint"),
    ),
}
