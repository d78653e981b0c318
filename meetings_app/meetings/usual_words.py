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
DESCRIBING = frozenset(
    re.findall(
        r"\w+",
        "about abroad accent account across again age aged ago aka alias alley alone along always american angry "
        "appearance arab area arm arms around asian associate attire away baby back bad bag bald balding bar baseball "
        "beard bearded beautiful bedroom behind beige belt bench beside between bicycle big bike biker blond blonde "
        "blue blurred board boat body boots boss bottle boxer boy boyfriend boys brother brothers brunette builder "
        "building bus business cafe café called calls cap car caravan cars caucasian chain chap chauffeur cheeky "
        "chicken chinese chubby cigarette city clean clothes clothing club coach coat college colour coloured contact "
        "corner courier cousin crew crooked cropped cruel curly cute cycle cyclist dad daddy dark dealer dealers "
        "delivery dirty disabled doctor dog door doorman down dressed drink driver drivers drives driving drug drugs "
        "dyed ears east eastern elder elderly estate european ex eye eyed eyes face facebook faced facial fair fake "
        "family fast fat father fellow female few figure first fit flat food foot football footballer foreign friends "
        "from front funny gaming gang garage gentleman ghost ginger girl girlfriend girls glasses good groom groomer "
        "group grown guard guy guys gym hair haired hairy half hand handle hands handsome hat head heavy height "
        "helmet high him hip home hood hooded hoodie hotel house householder huge identified identity image indian "
        "individual instagram internet irish jacket jeans jewellery job joggers jumper kebab keeper kid kids kind "
        "known lad lads lady landlord large last late lean leather left leg legs limp limping lips local lodger lorry "
        "lot loud lover mad male males man manager married mask masked mate mates mature maybe mean mechanic medium "
        "men messenger middle minicab missing mister mixed mobile moped mother motorbike motorcycle moustache mouth "
        "mum muscular name named names neat neck neighbour neighbours new next nice nickname night no nose number "
        "occupant offender office officer old older online orange order other outside overweight owner pal pale palm "
        "parent partner passenger patterned people perpetrator person persons phone photo plumber polish possible "
        "possibly pretty profile punter purple quiet rap rapper red registration regular relative resident restaurant "
        "ring road romanian room round runner scar scarf scarred school scooter screen second security seen seller "
        "several shadow shaved she shirt shoe shoes shop shopkeeper shoulder sibling side sir sister skin skinny "
        "slender slim smart smell smiley smoker smoking snapchat sneakers someone son south speaks spectacles sports "
        "spotty stall station stepfather stocky store stranger stubble student stylish subject suit sunglasses "
        "supplier suspect suspected suspects takeaway tall tan tanned tattoo tattooed tattooes tattoos taxi teacher "
        "team teen teenage teenager teeth telegram the thick thin thing third tiktok tiny tooth top town track "
        "tracksuit trade trader trainer trainers trousers truck turban twin two ugly unidentified unknown unnamed "
        "user username usual van vans vape vehicle very visitor voice watch watches wearing wears western whatsapp "
        "wheelchair whoever wicked wild window with woman women worker works wrist yard year years yellow younger "
        "youngest youth youths",
    )
)
"""By such words people say what somebody looks like, does or drives whose name they do not know; our default."""
SURNAMES = frozenset(
    re.findall(
        r"\w+",
        "archer baker bank banks barber bell best bird bishop black blood bond booth brook brooks brown bull burns "
        "bush butcher carpenter carter case chambers church cook cooper cross day drummer dyer english farmer field "
        "fields fish fisher flower flowers ford fox friend gardener gates gold goodman gray green grey hall hill hook "
        "hunt key keys king knight lamb law light little long love major marsh mason miller moon moor noble north "
        "page park parker parks pike pink pool pope porter potter pound price rice rivers rock rush salt sharp "
        "shepherd short silver singer skinner small smith snow song speed spring steel stocks street strong sweet "
        "swift tailor tanner turner walker wall walls waters weaver wells west white wise wolf wood woods young",
    )
)
"""Surnames that are words of the language: part of a name only beside another name, as in no description."""
TITLES = frozenset(("mr", "mrs", "ms", "miss", "dr", "uncle", "aunt", "auntie", "aunty"))
"""What stands before a name of one word."""
PARTICLES = frozenset(re.findall(r"\w+", "al el bin ibn bint van von der den de da del della di dos la le of ap"))
"""What stands between the words of a name, with a capital or without."""
