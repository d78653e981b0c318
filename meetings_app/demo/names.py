"""Plainly invented people and places of the demonstration. Nobody of these names is meant."""

from random import Random

_GIVEN = (
    "Aaliyah", "Abigail", "Aisha", "Alfie", "Amara", "Amelia", "Anya", "Ava", "Bella", "Bilal", "Callum", "Carys",
    "Chloe", "Daisy", "Dylan", "Ella", "Emily", "Erin", "Eva", "Faith", "Freya", "George", "Grace", "Hannah", "Harvey",
    "Imani", "Isla", "Jack", "Jasmine", "Jayden", "Kayla", "Keira", "Layla", "Leah", "Lily", "Logan", "Lucy", "Maisie",
    "Maya", "Megan", "Mia", "Millie", "Nadia", "Naomi", "Niamh", "Olivia", "Poppy", "Rosie", "Ruby", "Saffron", "Sana",
    "Scarlett", "Shanice", "Sophie", "Tegan", "Tia", "Tyler", "Willow", "Yasmin", "Zara",
)  # fmt: skip

_FAMILY = (
    "Testington", "Fictionby", "Examplewood", "Sampleton", "Madeupham", "Inventley", "Placeholder", "Pretendwick",
    "McExample", "Demoworth", "Imagineby", "Notarealname", "Makebelieve", "Specimenshaw", "Trialworth", "Mockford",
    "Fabricatham", "Fauxley", "Nonesuch", "Dummyfield", "Storybrook", "Fablethorpe", "Legendary-Test", "Hypothetica",
)  # fmt: skip

UNUSUAL = (
    "Siobhán O’Fictionby", "Zoë Testington", "Anaïs d’Exemple", "Łucja Przykładowska", "نور المثال", "样例 小雨",
    "Ngọc Sampleton", "Renée L’Échantillon", "Tom O'Madeup", "Žofie Vymyšlená", "مريم التجربة", "测试 明",
)  # fmt: skip
"""Names that software likes to break: apostrophes of two kinds, accents, Arabic and Chinese."""

ALIKE = ("Zoe Testington", "Zoë Testington")
"""Two spellings: the one of a referral, and the one of a child on the list. The coordinator is asked about them."""

MERGED = ("Siobhan O'Fictionby", "Siobhán O’Fictionby")
"""Two spellings of one child: the coordinator found that they are one."""

SCHOOLS = (
    ("EX-ACADEMY", "Exampleford Academy"),
    ("EX-HIGH", "Testbury High School"),
    ("EX-COLLEGE", "Sampleton College"),
    ("EX-GRAMMAR", "Fictionby Grammar School"),
    ("EX-SPECIAL", "Inventley School"),
    ("EX-PRU", "Madeupham Learning Centre"),
)
"""Code and name of the schools in the reference data; the school account belongs to the first."""

COUNTY = "exampleshire.example"

PEOPLE: tuple[tuple[str, str, str, str], ...] = (
    ("coordinator", "Corin Ordinator", "coordinator", "childrens-services"),
    ("chair-cs", "Cheryl Chairworth", "chair", "childrens-services"),
    ("chair-fs", "Farid Servington", "chair", "family-services"),
    ("police", "Polly Constable-Test", "representative", "police"),
    ("education", "Eddie Cationby", "representative", "education"),
    ("health", "Helga Thworth", "representative", "health"),
    ("school", "Skye Schoolby", "school", "education"),
    ("lead", "Lee D’Exemple", "lead-professional", "childrens-services"),
    ("analyst", "Ana Lystington", "analyst", "childrens-services"),
    ("admin", "Addy Minister-Test", "administrator", "childrens-services"),
    ("auditor", "Audrey Torby", "auditor", "childrens-services"),
    ("chair-police", "Networth Superintendent", "network-chair", "police"),
    ("specialist", "Speranza Listworth", "specialist", "specialist-service"),
    ("deputy-cs", "Dep Utyington", "deputy-chair", "childrens-services"),
    ("deputy-fs", "Dorota Deputowska", "deputy-chair", "family-services"),
    ("social-work", "Sol Workerby", "representative", "childrens-services"),
    ("early-help", "Earl Helpington", "representative", "family-services"),
    ("nurse", "Nerys Nursebrook", "representative", "health"),
    ("lead-two", "Leda Duoworth", "lead-professional", "childrens-services"),
    ("lead-fs", "Leif Familyham", "lead-professional", "family-services"),
    ("list-police", "Liss Tholder", "list-holder", "police"),
    ("list-health", "Liz Tkeeper-Test", "list-holder", "health"),
)
"""The part of the address before the @, the name, the role and the agency; all of them work county-wide."""

SHOWN = (
    ("coordinator", "coordinator: triage, agendas, the list"),
    ("chair-cs", "chair, Children’s Services: ratings, closures, minutes"),
    ("chair-fs", "chair, Family Services"),
    ("police", "police representative: the actions of the police"),
    ("education", "education representative"),
    ("health", "health representative"),
    ("school", "school: the plans of its own pupils"),
    ("lead", "lead professional: their own children"),
    ("specialist", "specialist service: the children it works with"),
    ("chair-police", "chair of the network meetings"),
    ("list-police", "list holder: the county’s list of each week"),
    ("analyst", "analyst: totals only"),
    ("admin", "administrator: accounts, no child"),
    ("auditor", "auditor: the audit trail"),
)
"""The accounts that `meetings demo` names, and what each is for."""

CHAIRS = ("chair-cs", "chair-fs")
LIST_HOLDERS = ("list-police", "list-health")
"""Who is sent the list of each week. The second has not opened the newest."""
LEADS = ("lead", "lead-two", "lead-fs")
OWNERS = {
    "childrens-services": ("social-work",),
    "family-services": ("early-help",),
    "police": ("police",),
    "education": ("education",),
    "health": ("health", "nurse"),
}
"""Who takes an action on for each agency."""


def children_names(chance: Random, how_many: int, unusual_among: int) -> list[str]:
    """Give so many different names in an order that `chance` settles; the unusual ones are among the first."""
    plain = chance.sample([f"{given} {family}" for given in _GIVEN for family in _FAMILY], how_many - len(UNUSUAL))
    first = [*UNUSUAL, *plain[: unusual_among - len(UNUSUAL)]]
    chance.shuffle(first)
    return first + plain[unusual_among - len(UNUSUAL) :]
