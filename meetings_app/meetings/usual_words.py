"""Words of the language and of the service that are no name where a text is searched for names. Pure."""

import re

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
KNOWN = frozenset(
    word.casefold()
    for word in (
        *MONTHS, *_DAYS, *(month[:3] for month in MONTHS), "I", "CSE", "RMM", "Children", "Children’s", "Services",
        "Social", "Care", "Family", "Police", "Health", "Education", "Early", "Help", "Safety", "Plan", "Act",
        "Section", "National", "Referral", "Mechanism", "Category",
        # What the meeting decides and by what: no name and no place is made of these words alone.
        "High", "Medium", "Low", "Risk", "Rating", "Meeting", "Management", "Strategy", "Discussion", "Assessment",
        "Review", "Lead", "Professional", "Agency", "Exploitation", "Indicators",
    )
)  # fmt: skip
# Lines that people write without a full stop begin with these, and none of them is a name.
BEGINNINGS = frozenset(
    re.findall(
        r"\w+",
        "a after all also an and any as at before but by concern did discussed due each every for from had has have he "
        "her his how if in information is it its next no nobody none not nothing of on one or our parents review "
        "reviewed seen she so some somebody still that the their there these they this those to under until was we "
        "were what when where which while who why with within you your",
    )
)
# Nor is a word that stands in place of a name.
SMALL = BEGINNINGS | {"another", "birth", "child", "date", "record", "restricted", "school"}
ALSO_WORDS = frozenset(
    re.findall(
        r"\w+",
        "amber angel april art august autumn bay bill blossom chance charity chase cherry christian clay cliff crystal "
        "dale dawn dean destiny diamond earl eve ever faith fern forest frank grace grant guy harmony heath heaven "
        "honey honour hope hunter ivy jasmine joy june justice lane lily mark may melody mercy merry miles olive pat "
        "patience pearl penny pierce poppy precious prince princess rain ray rich river robin rose ruby sage savannah "
        "season sky skip star sterling stone storm sue summer sunny tiger trinity true victor violet ward will willow "
        "winter",
    )
)
"""First names that are words of the language, with which a sentence may begin; our default."""
