"""The words for mood and motion that a prompt may use, and what each does to a face.

docs/reference/prompt-words.md is made of this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptWord:
    """One thing that a prompt can ask for.

    name: as the documentation calls it. also: other ways to say it, one or several words each; articles
    and possessives are left out. does: one sentence for the documentation.
    changes: fields of Mood; offsets add up, factors (energy, blink_rate, wander, mouth) multiply.
    """

    name: str
    also: tuple[str, ...]
    does: str
    changes: Mapping[str, float]


def _word(name: str, also: str, does: str, **changes: float) -> PromptWord:
    ways = tuple(way.strip() for way in also.split(",") if way.strip())
    return PromptWord(name=name, also=ways, does=does, changes=MappingProxyType(changes))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PROMPT_WORDS: tuple[PromptWord, ...] = (
    # Mood.
    _word(
        "smiling",
        "smile, smiles, smiley, grinning, grin, grins, pleasant",
        "Holds a smile that lifts cheeks and lower lids.",
        smile=0.5,
    ),
    _word(
        "happy",
        "happily, joyful, joyfully, cheerful, cheerfully, glad, delighted, happiness, joy",
        "Smiles with lifted cheeks, narrowed eyes and livelier motion.",
        smile=0.65,
        squint=0.15,
        energy=1.2,
    ),
    _word(
        "warm",
        "warmly, friendly, kind, kindly, affectionate, loving, tender, welcoming, warmth",
        "A small smile, the inner ends of the brows up a little, the head tilts now and then.",
        smile=0.35,
        brow_inner=0.2,
        squint=0.08,
        tilts=0.4,
    ),
    _word(
        "laughing",
        "laugh, laughs, laughter, chuckling, chuckles, giggling, giggles, amused",
        "A broad smile with lifted cheeks and narrowed eyes, head up, much motion, a larger mouth.",
        smile=0.95,
        squint=0.3,
        pitch_deg=-1.0,
        energy=1.4,
        mouth=1.12,
    ),
    _word(
        "sad",
        "sadly, unhappy, sorrowful, melancholy, gloomy, depressed, sadness, crying",
        "Corners of the mouth down, inner ends of the brows up, head lowered, little motion.",
        smile=-0.65,
        brow_inner=0.75,
        pitch_deg=2.0,
        energy=0.7,
    ),
    _word(
        "serious",
        "seriously, neutral, earnest, stern, formal",
        "A straight face with smaller brow and head movements and no passing smiles.",
        smile=-0.2,
        energy=0.8,
    ),
    _word(
        "angry",
        "angrily, mad, furious, annoyed, aggressive, frowning, frown, frowns, anger",
        "Lowered brows, narrowed eyes, corners of the mouth down, livelier motion.",
        brow_down=0.85,
        squint=0.35,
        smile=-0.5,
        energy=1.2,
    ),
    _word(
        "surprised",
        "surprise, astonished, amazed, shocked, wide-eyed",
        "Brows lifted and eyes wide throughout.",
        brow_inner=0.85,
        brow_outer=0.85,
        wide=0.8,
        blink_rate=0.8,
    ),
    _word(
        "worried",
        "anxious, nervous, concerned, anxiously, nervously",
        "Inner ends of the brows up, more blinks, more glances away.",
        brow_inner=0.65,
        smile=-0.3,
        blink_rate=1.3,
        wander=1.5,
    ),
    _word(
        "afraid",
        "fearful, fearfully, scared, frightened, terrified, fear",
        "Eyes wide, inner ends of the brows up, corners of the mouth down, head drawn back.",
        wide=0.7,
        brow_inner=0.8,
        brow_outer=0.4,
        smile=-0.35,
        lean=-0.015,
        blink_rate=1.2,
    ),
    _word(
        "doubtful",
        "doubting, doubt, doubts, unsure, uncertain, hesitant, hesitating, unconvinced",
        "One brow lifted, eyes narrowed a little, no smile, the head tilts, more glances away.",
        one_brow=0.6,
        squint=0.15,
        smile=-0.25,
        tilts=0.5,
        wander=1.3,
    ),
    _word(
        "disgusted",
        "disgust, repelled, repulsed",
        "Brows drawn down, eyes narrowed, corners of the mouth down, head drawn back.",
        brow_down=0.6,
        squint=0.35,
        smile=-0.55,
        lean=-0.02,
    ),
    _word(
        "sympathetic",
        "compassionate, pleading, begging, sorry, apologetic, sympathy",
        "Inner ends of the brows up, head leant to a side and lowered a little, eyes on the camera.",
        brow_inner=0.65,
        roll_deg=2.0,
        pitch_deg=1.0,
        wander=0.5,
    ),
    _word(
        "shy",
        "shyly, bashful, timid, embarrassed, coy, shyness",
        "Head lowered and leant to a side, eyes down, a small smile, little motion, more glances away.",
        pitch_deg=2.0,
        roll_deg=2.0,
        gaze_y_deg=4.0,
        smile=0.2,
        brow_inner=0.2,
        energy=0.7,
        wander=1.5,
    ),
    _word(
        "tired",
        "sleepy, exhausted, bored, drowsy",
        "Heavy lids, head lowered, slow motion.",
        squint=0.4,
        pitch_deg=1.5,
        energy=0.6,
        blink_rate=1.25,
    ),
    _word(
        "thoughtful",
        "thinking, pensive, contemplative, reflective",
        "Narrows the eyes a little and glances away more often.",
        squint=0.12,
        wander=1.8,
        energy=0.85,
    ),
    _word(
        "confident",
        "confidently, assured, self-assured",
        "Head up, eyes on the camera.",
        pitch_deg=-1.0,
        smile=0.1,
        wander=0.4,
        blink_rate=0.9,
    ),
    _word(
        "proud",
        "proudly, dignified, pride",
        "Head raised and drawn back a little, a small smile, few glances away.",
        pitch_deg=-2.5,
        lean=-0.01,
        smile=0.3,
        wander=0.5,
    ),
    _word(
        "determined",
        "resolute, insistent, emphatic, emphatically, determination",
        "Brows down a little, head towards the camera, eyes on it, livelier motion, a larger mouth.",
        brow_down=0.3,
        lean=0.02,
        wander=0.3,
        energy=1.2,
        mouth=1.06,
    ),
    _word(
        "curious",
        "interested, attentive, inquisitive, curiosity",
        "Brows lifted, outer ends most, eyes open, head towards the camera and leant to a side.",
        brow_inner=0.25,
        brow_outer=0.5,
        wide=0.15,
        lean=0.02,
        roll_deg=1.5,
    ),
    _word(
        "playful",
        "playfully, teasing, cheeky, mischievous, flirty",
        "A smile with one brow lifted, the head tilts often, livelier motion.",
        smile=0.4,
        one_brow=0.4,
        tilts=0.7,
        energy=1.15,
    ),
    # Ways to speak.
    _word(
        "newsreader",
        "news anchor, anchor, presenter, newscaster, announcer, professional, professionally",
        "Eyes on the camera, few blinks, smaller movements, a mouth that speaks clearly.",
        energy=0.8,
        wander=0.2,
        blink_rate=0.85,
        mouth=1.06,
    ),
    _word(
        "teacher",
        "teaching, explaining, explains, lecturer, professor, instructor, storyteller",
        "Brows lifted, a small smile, nods, livelier motion, a mouth that speaks clearly.",
        brow_inner=0.2,
        brow_outer=0.25,
        smile=0.15,
        nods=0.5,
        energy=1.15,
        mouth=1.08,
    ),
    _word(
        "whispering",
        "whisper, whispers, whispered, secretive, confiding, hushed",
        "A mouth that moves less, head towards the camera, little motion, eyes narrowed a little.",
        mouth=0.82,
        lean=0.035,
        energy=0.6,
        squint=0.12,
    ),
    _word(
        "shouting",
        "shout, shouts, yelling, yells, screaming",
        "A mouth that moves more, brows down a little, upper lids up, much motion.",
        mouth=1.18,
        brow_down=0.25,
        wide=0.2,
        energy=1.4,
    ),
    # How much motion.
    _word(
        "calm",
        "calmly, relaxed, gentle, gently, peaceful, quiet, quietly, soft, softly, slow, slowly, "
        "subtle, serene",
        "Less motion of head and brows.",
        energy=0.6,
    ),
    _word(
        "excited",
        "excitedly, enthusiastic, enthusiastically, passionate, thrilled, excitement",
        "Smiles a little, much more motion, brows up.",
        energy=1.5,
        smile=0.3,
        brow_inner=0.1,
        brow_outer=0.1,
        wide=0.1,
    ),
    _word(
        "energetic",
        "energetically, lively, energised, energized, dynamic, animated, expressive, "
        "expressively, active, vivid",
        "Much more motion of head and brows.",
        energy=1.5,
    ),
    _word(
        "still",
        "motionless, static, unmoving, no head movement, no head motion, without moving, not moving, frozen",
        "The head does not move; eyes and brows do.",
    ),
    # Head.
    _word(
        "nodding",
        "nod, nods, nodding head, agreeing, affirming",
        "Nods twice every few seconds.",
        nods=1.0,
    ),
    _word(
        "shaking head",
        "shakes head, head shaking, headshake, head shake, shake head, disagreeing",
        "Shakes the head every few seconds.",
        shakes=1.0,
    ),
    _word(
        "tilting head",
        "tilts head, tilted head, head tilted, head tilt, tilt head, tilting, tilt, tilts",
        "Tilts the head to a side now and then.",
        tilts=1.0,
    ),
    _word(
        "head up",
        "chin up, raised head",
        "Holds the head a little higher.",
        pitch_deg=-3.0,
    ),
    _word(
        "head down",
        "chin down, lowered head, bowed head",
        "Holds the head a little lower.",
        pitch_deg=3.0,
    ),
    _word(
        "tilted left",
        "head tilted left, tilts left, tilting left, tilt left, leaning left, leans left",
        "Holds the head leant to the left edge of the picture.",
        roll_deg=-4.0,
    ),
    _word(
        "tilted right",
        "head tilted right, tilts right, tilting right, tilt right, leaning right, leans right",
        "Holds the head leant to the right edge of the picture.",
        roll_deg=4.0,
    ),
    _word(
        "leaning in",
        "leans in, lean in, leaning forward, leans forward, lean forward, leaning closer, closer",
        "Holds the head nearer to the camera.",
        lean=0.045,
    ),
    _word(
        "leaning back",
        "leans back, lean back, leaning backward, leaning backwards, drawn back",
        "Holds the head farther from the camera, and a little higher.",
        lean=-0.035,
        pitch_deg=-1.0,
    ),
    # Eyes.
    _word(
        "looking left",
        "look left, looks left, looking to left, looks to left, turning left, gazing left, glancing left",
        "Eyes and head towards the left edge of the picture.",
        gaze_x_deg=-12.0,
        yaw_deg=-6.0,
    ),
    _word(
        "looking right",
        "look right, looks right, looking to right, looks to right, turning right, gazing right, "
        "glancing right",
        "Eyes and head towards the right edge of the picture.",
        gaze_x_deg=12.0,
        yaw_deg=6.0,
    ),
    _word(
        "looking up",
        "look up, looks up, looking upwards, looking upward, gazing up",
        "Eyes and head up.",
        gaze_y_deg=-8.0,
        pitch_deg=-3.0,
    ),
    _word(
        "looking down",
        "look down, looks down, looking downwards, looking downward, gazing down",
        "Eyes and head down.",
        gaze_y_deg=8.0,
        pitch_deg=3.0,
    ),
    _word(
        "looking at the camera",
        "looking into camera, looking at viewer, look at viewer, looks at viewer, look at camera, "
        "looks at camera, looking straight, looking straight ahead, facing camera, eye contact",
        "No glances away.",
        wander=0.0,
    ),
    _word(
        "looking around",
        "look around, looks around, glancing around, glancing, distracted",
        "Glances away more often and further.",
        wander=2.0,
    ),
    _word(
        "blinking often",
        "blinking lot, blinking frequently, blinking more, frequent blinking, frequent blinks, "
        "blinks often, blink often, many blinks, blinking, blinks, blink",
        "Blinks half as often again.",
        blink_rate=1.5,
    ),
    _word(
        "blinking rarely",
        "blinking less, rare blinks, rarely blinking, rarely blinks, few blinks, staring, stare, stares",
        "Blinks half as often.",
        blink_rate=0.5,
    ),
    _word(
        "not blinking",
        "no blinking, no blinks, without blinking, never blinking, never blinks, unblinking",
        "Does not blink.",
        blink_rate=0.0,
    ),
    _word(
        "squinting",
        "squint, squints, narrowed eyes",
        "Narrows the eyes.",
        squint=0.4,
    ),
    _word(
        "wide eyes",
        "eyes wide, eyes wide open, wide open eyes, eyes widened, widened eyes",
        "Upper lids lifted.",
        wide=0.8,
    ),
    _word(
        "winking",
        "wink, winks",
        "Shuts one eye with a smile every few seconds.",
        winks=1.0,
    ),
    # Brows.
    _word(
        "raised brows",
        "raised eyebrows, raising brows, raising eyebrows, raises brows, raises eyebrows, eyebrows raised, "
        "brows raised",
        "Both brows lifted.",
        brow_inner=0.65,
        brow_outer=0.65,
    ),
    _word(
        "raising one eyebrow",
        "one eyebrow, one brow, raised eyebrow, raised brow, one raised eyebrow, one eyebrow raised, "
        "one brow raised, raises eyebrow, raises one eyebrow, raising eyebrow, raising brow, skeptical, "
        "sceptical, quizzical",
        "One brow lifted.",
        one_brow=0.85,
    ),
)

# Words before a word of the table that make it stronger or weaker.
DEGREES: Mapping[str, float] = MappingProxyType(
    {
        "very": 1.6,
        "really": 1.5,
        "so": 1.4,
        "extremely": 1.9,
        "highly": 1.6,
        "strongly": 1.6,
        "super": 1.7,
        "big": 1.4,
        "broadly": 1.5,
        "broad": 1.5,
        "more": 1.3,
        "much": 1.3,
        "quite": 1.1,
        "fairly": 0.9,
        "somewhat": 0.7,
        "moderately": 0.8,
        "slightly": 0.5,
        "slight": 0.5,
        "bit": 0.5,
        "little": 0.5,
        "barely": 0.3,
        "faintly": 0.35,
        "mildly": 0.6,
        "less": 0.5,
    }
)
# Words that turn the next word of the table off.
NEGATIONS = frozenset({"not", "no", "never", "without", "isn't", "doesn't", "don't", "non"})

# Words that alone ask for the face without a mood.
NORMAL = frozenset({"normal", "normally", "natural", "naturally"})
# Words that carry no wish: they may stand anywhere and are not reported.
FILLERS = _words(
    "and or but with while as then also both of in on at to into for from by is are was be being been "
    "has have having does do doing it he she they him them who i me we us you someone somebody this "
    "that these those person people man woman men women boy girl child kid lady guy human speaker "
    "character subject portrait photo picture image video face head eyes eye mouth lips brows eyebrows "
    "expression expressions mood emotion emotions motion motions movement movements moving moves move "
    "gesture gestures manner way tone style look looks looking looked talking talks talk speaking "
    "speaks speak saying says telling camera viewer naturally natural realistic realistically normal "
    "normally constantly continuously occasionally sometimes often frequently always please make makes "
    "let should would like feeling feels seems appears towards toward side during"
)
# Words that may stand inside an expression of the table: "shaking his head".
SKIPPED = _words("the a an his her their its my your our")
