"""The plain English of a statement: more, less, no difference, because, may, proven, do this.

Only words of no particular topic stand here; those of a topic belong to ``vocabulary.toml``.
"""

from __future__ import annotations

import re
from typing import Final


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


# ------------------------------------------------------------------ which way

UP: Final = _words(
    "increas(?:e|es|ed|ing)|rais(?:e|es|ed|ing)|rise|rises|rose|risen|rising|growing|higher|"
    "greater|more(?! than)|gr[eo]ws?|grown|gaining|"
    "gained|larger|elevate[sd]?|boost(?:s|ed)?|accelerat(?:e|es|ed|ing)|go(?:es)? up|went up|"
    "doubl(?:e|es|ed)|stronger|longer|"
    "further inward|farther|speeds? up|add(?:s|ed)? to|strengthens|adds? up|builds?|gaining|"
    "lifts|lifted|climb(?:s|ed)?|soar(?:s|ed)?|jump(?:s|ed)|surge[sd]?|gone up|shot up|built up|build(?:s|ing)? up|"
    "multipl(?:y|ies|ied)|push(?:es|ed)? up|bumps? up|heighten(?:s|ed)?|steeper|likelier|commoner"
)
DOWN: Final = _words(
    "slow(?:s|ed|ing)?|delay(?:s|ed)?|halt(?:s|ed)?|alleviat(?:e|es|ed|ing)|lessen(?:s|ed)?|"
    "minimi[sz]e[sd]?|banish(?:es|ed)?|"
    "curb(?:s|ed)?|combat(?:s|ed)?|subside[sd]?|resolve[sd]?|overcome(?:s)?|dampen(?:s|ed)?|"
    "calm(?:s|ed)?|melt(?:s|ed)?|"
    "reduc(?:e|es|ed|ing|tions?)|decreas(?:e|es|ed|ing)|lower(?:s|ed|ing)?|less|fewer|"
    "falls?|fell|fallen|falling|shrinking|dropping|halving|drop(?:s|ped|ping)?|"
    "cuts?|cutting|weaker|weaken(?:s|ed)?|smaller|declin(?:e|es|ed)|shrinks?|shrank|eas(?:e|"
    "es|ed|ing)|reliev(?:e|es|ed|ing)|relief|sooth(?:e|es|ed)|"
    "diminish(?:es|ed)?|prevent(?:s|ed|ing|ion)?|protect(?:s|ed|ing|ion)?|stop(?:s|ped|"
    "ping)?|eliminat(?:e|es|ed|ing)|rid of|"
    "avoid(?:s|ed)?|free of|free from|go(?:es)? away|went away|off|went down|go(?:es)? down|"
    "came down|brings?|brought|taken off|"
    "neglect(?:s|ed)?|undertrained|los[es]|loses|lost|guard(?:s|ed)? against|keeps? \\w+ away|"
    "ends?|erases?|took \\w+ off|"
    "vanish(?:es|ed)?|disappear(?:s|ed)?|halv(?:e|es|ed)|forgets?|inactive|idle|switch(?:es)? off|shuts? (?:off|down)|"
    "shields?|shielded|painless|took|sheds?|weakness|slashe?[sd]?|tak(?:e|es|ing) away|"
    "fade[sd]?|settle[sd]?|quieten(?:s|ed)?|tame[sd]?|soften(?:s|ed)?|trim(?:s|med)?|take(?:s)? the (?:edge|sting)|"
    "dial(?:s|led)? down|chip(?:s|ped)? away|wipe[sd]? (?:out|away)|drive[sn]? down|drove down|blunt(?:s|ed)?|"
    "sank|sinks?|tumble[sd]?|plummet(?:s|ed)?|plunge[sd]?|gone down|(?:keeps?|kept) (?:\\w+ )?(?:away|off|at bay)|"
    "rarer|scarcer|beats? back"
)
BETTER: Final = _words(
    "gains?|enhanc(?:e|es|ed)|optimi[sz]e[sd]?|aid(?:s|ed)?|pays? off|"
    "remed(?:y|ies)|solve[sd]?|good for|success(?:ful)?|"
    "improv(?:e|es|ed|ing|ements?)|better|benefits?|benefited|help(?:s|ed|ful)?|effective|"
    "effectively|works?(?! (?:at|in|as|for|from|on|begins?|with|together)\\b)|worked|recover(?:s|ed|y)?|"
    "heal(?:s|ed|ing)?|fix(?:es|ed|ing)?|correct(?:s|ed|ing)?|cur(?:e|es|ed)|restor(?:e|"
    "es|ed|ing)|superior|outperform(?:s|ed)?|"
    "beats?|favou?r(?:s|ed)?|ahead|easier|above|best|aligned|get well|transform(?:s|ed)?|advantage|"
    "more easily|more comfortabl[ey]|mend(?:s|ed|ing)?|rescue[sd]?|sort(?:s|ed)? (?:\\w+ )?out|bounce[sd]? back|"
    "back on (?:track|your feet)|healthier|fitter|wonders|trump(?:s|ed)?|won|wins|clears? up|put(?:s)? right|edges out"
)
WORSE: Final = _words(
    "worsen(?:s|ed|ing)?|worse|harm(?:s|ed|ing)?|aggravat(?:e|es|ed)|damag(?:e|es|ed|ing)|"
    "inferior|poorer|overloads?|overloading|strains?|"
    "wear(?:s|ing)? (?:out|down)|destroy(?:s|ed)?|ruin(?:s|ed)?|poor|bad|faulty|"
    "eat(?:s|en|ing)? (?:away|into)|gr(?:ind(?:s|ing)?|ound) (?:\\w+ )?(?:away|down)|erod(?:e|es|ed|ing)|"
    "wreck(?:s|ed|ing)?|chew(?:s|ed)? up|gnaw(?:s|ed)?|flare[sd]? up|undermine[sd]?|sabotage[sd]?|worst|"
    "deteriorat(?:e|es|ed|ion)"
)
NULL: Final = re.compile(
    r"\b(?:no|not|without|little or no|little|any)\s+(?:\w+\s+){0,3}?(?:differen(?:ce|t|"
    r"ces)|differ|link(?:ed|s)?|associat(?:ion|ed|ions)|effect|"
    r"changes?|advantage|benefit|relationship|correlat(?:ion|ed))\b|\bno (?:better|worse|more|less|"
    r"stronger|greater|further|faster|weaker|lower|higher|smaller|larger|bigger|fewer|sooner)\b|"
    r"\b(?:did|does|do|was|were|is|are|could|can|has|have) not (?:\w+\s+){0,2}?(?:differ|"
    r"change|alter|improve|predict|reduce|increase|"
    r"lower|ease|raise|help|work|better|worse|more|greater|find|show|prevent|affect|cause|"
    r"lead)\w*|\bdidn't|\bdoesn't|\bdon't (?:differ|change|predict|cause|lead)|"
    r"\b(?:has|have|had) not (?:\w+ )?(?:changed|improved|differed|worsened|risen|fallen)\b|"
    r"\bfailed to\b|\bunchanged\b|\bthe same\b|\bequal(?:ly|s)?\b|\bcomparabl[ey]\b|\bsimilar(?:ly)?\b|"
    r"\b(?:works?|worked|do|does|did|perform(?:s|ed)?|about|just|almost|nearly|equally|is|are|was|were|proved|fared)\s+"
    r"(?:\w+\s+)?as (?:well|good|much|effective|strong) as\b|\bequivalent\b|\btoo close to call\b|"
    r"\ba tie\b|\bcame out (?:level|equal)\b|\bon a par\b|"
    r"\b(?:takes? in|includes?|crosse[sd]|straddles?|spans?) (?:zero|no (?:difference|effect))\b|"
    r"\b(?:has|have|had|plays?|played) (?:nothing to do|no (?:role|part|bearing|influence|impact|say))\b|"
    r"\b(?:irrelevant|makes? no difference|does not matter|doesn't matter)\b|"
    r"\bneither\b|\bcame out (?:about )?even\b|\babout (?:as|even)\b|\bnearly the same\b|"
    r"\b(?:stayed|remained|was|were)(?: just| exactly| pretty much)? (?:the same|as (?:it|they|"
    r"before)\b(?: (?:was|were|had been))?|where (?:it|they) (?:was|were)|put)\b|"
    r"\b(?:stood still|held steady|did not budge|nothing to choose|no telling apart)\b|"
    r"\bstayed the same\b|\bno clear\b|\bno overall\b|"
    r"\b(?:neck and neck|dead heat|a draw|(?:were|was|came out|ended|finished|came) (?:\w+ )?(?:level|tied|even)|"
    r"as good as the same|(?:much|just|pretty much|about|exactly) as before|nothing between (?:them|the two)|no winner|"
    r"did not (?:dip|drop|sag|budge|shift|move)|no (?:\w+ ){0,4}?(?:weakness|deficit)|"
    r"not (?:statistically )?significant|not an? (?:\w+ )?(?:risk factor|cause|predictor)|could not be told apart|"
    r"without (?:changing|altering|affecting))\b",
    re.IGNORECASE,
)
EQUAL: Final = _words(
    r"equal(?:ly|s)?|comparabl[ey]|similar(?:ly)?|same|as (?:well|good|effective|much) as|"
    r"even|neither|difference between|differ|"
    r"differed|interchangeable|apart|level"
)
#: One treatment is weighed against another.
RIVALS: Final = _words(
    "ahead|won|wins|winner|beat|beats|beaten|outdid|outperform(?:s|ed)?|superior|inferior|pitted|"
    "head[ -]to[ -]head|edged?|"
    "favou?r(?:s|ed)?|in favou?r of|difference|gap|rather than|instead of"
)
#: "as important as, and often better": better, not the same.
EVEN_BETTER: Final = _words(r"(?:just|at least) as (?:\w+) as")
UNKNOWN: Final = re.compile(
    r"\b(?:nobody|no one|no-one) (?:knows|can (?:tell|say))|\b(?:is|are|was|were|remains?|"
    r"stays?) (?:\w+ ){0,2}?(?:not (?:yet )?(?:known|clear|settled|"
    r"established|proven|shown|certain)|unknown|unclear|unsettled|uncertain|debated|open|"
    r"mixed)\b|\bnot (?:yet )?(?:known|clear|settled|"
    r"established|shown|proven|been (?:shown|proven|settled|established|possible))\b|\bcannot (?:be )?(?:show|"
    r"tell|say|prove|shown|confirmed|settle)"
    r"|\bcan't (?:show|tell|say|prove)|\b(?:do|does|did) not (?:show|prove|tell|say|establish|"
    r"settle|cover|support|isolate|compare)|\bno (?:good |clear |single )?(?:study|studies|"
    r"trial|trials|"
    r"evidence|source|research)\b|\bcould not (?:\w+ )?(?:settle|show|confirm|verify|find|"
    r"be (?:verified|confirmed|settled))|\bnone (?:of|listed|was|were)\b|"
    r"\bfindings (?:\w+ ){0,4}?(?:differ|conflict|are mixed)|\bloosely\b|\bconflict(?:s|"
    r"ing)?\b|\bwhat came first\b|\bwhich came first\b|"
    r"\bhave not been able\b|\bnot (?:the same|proof)\b|\bunsettled\b|\bopen question\b|"
    r"\b(?:could|can|couldn't|can't|cannot|could not|can not) (?:\w+ )?(?:pin down|agree|settle)\b|\banyone's guess\b|"
    r"\bvar(?:y|ies) a lot\b|\bdiffer(?:s)? (?:between|from)\b|"
    r"\bwhether\b|\bresponse varies\b|\bneeds? more research\b|\btoo few\b|\bnot (?:tested|"
    r"measured|examined|compared|followed)\b"
    r"|\bdid not test\b|\bnot been (?:tested|measured)|\bnobody (?:was )?(?:tested|compared)\b",
    re.IGNORECASE,
)

# ------------------------------------------------------------------ how it is joined, how surely it is said

CAUSE: Final = re.compile(
    r"\b(?:caus(?:e|es|ed|ing)|lead(?:s|ing)? (?:to|straight to)|led to|results? in|resulted in|"
    r"(?:is|are|as) (?:a|the) result of|due to|because|"
    r"stems? from|driv(?:e|es|ing)|trigger(?:s|ed)?|produc(?:e|es|ed)|creat(?:e|es|ed|ing)|"
    r"contribut(?:e|es|ed|ing)|contributors?|"
    r"make(?:s)?|made|let(?:s)?|allow(?:s|ed)?|force[sd]?|root causes?|behind (?:your|most|"
    r"the)|to blame|responsible for|thanks to|"
    r"culprit|at the root|origin|source of (?:your|knee|the)|wear(?:s)? (?:out|down)|destroy(?:s|"
    r"ed)?|damag(?:e|es|ed|ing)|ruin(?:s)?|harm(?:s)?|"
    r"will (?:\w+ ){0,2}(?:hurt|ache|suffer|fail|follow|pay|get|develop)|"
    r"(?:lies?|rooted|roots?) in|roots? of|the root|eat(?:s|en)? (?:away|into)|down to (?:your|the|weak)|"
    r"strain(?:s)?|overload(?:s)?|(?:come|came|start|begin|originate|arise)(?:s|ed)? (?:from|in|at|with)|"
    r"(?:is|are|be) (?:\w+ )?(?:why|the reason|the key|the answer|the secret|an? \w+ (?:problem|issue))|explains?|"
    r"pain develops|develops from|prevent(?:s)?|"
    r"protect(?:s)?|shields?|shielded|guards?|guarded|spares?|safeguards?|stop(?:s)?|keep(?:s)?|"
    r"switch(?:es)? off|sets? \w+ up)\b",
    re.IGNORECASE,
)
#: What ties one thing to another without a verb that says what happens.
TIE: Final = _words(
    "problems?|reasons?|roots?|sources?|origins?|keys?|answers?|secrets?|solutions?|remed(?:y|ies)|"
    "matters?|depends?|game[ -]changers?|missing (?:link|piece)|best|only way|essential|crucial|vital"
)
LINK: Final = _words(
    "link(?:s|ed)?|associat(?:e|ed|ion|ions)|relat(?:ed|ion|ionship)|correlat(?:e|es|ed|"
    "ion)|went (?:along )?with|goes? (?:along )?with|"
    "tied to|predict(?:s|ed|or)?|risk factor|play(?:s)? a (?:role|part)|odds|rates?|risks?|"
    "likely|tend(?:s|ed)?|contribut(?:e|es|or|ors)|mean|commoner|more common|more frequent|rarer|"
    "less common|preced(?:e|es|ed|ing)|came before|went on to|foreshadow(?:s|ed)?"
)
WEAK_LINK: Final = _words(
    "contribut(?:e|es|or|ors)|play(?:s)? a (?:role|part)|be (?:linked|related|tied|associated|involved)|have a hand in"
)
SURE: Final = re.compile(
    r"(?<!\bnot )(?<!\bnot yet )(?<!n't )(?<!\bno )\b(?:"
    "proven|proves?|proof|always|never|everyone|everybody|every (?:runner|patient|person|clinic|"
    "body|time|woman|man|knee|case|athlete|single)|"
    "all (?:people|patients|runners|studies|trials|research)|"
    "consistently|research is clear|evidence is clear|science is clear|studies agree|undoubtedly|"
    "without (?:a )?doubt|no doubt|beyond (?:any )?doubt|"
    "no longer any doubt|any doubt|guarantee[sd]?|root cause|well-established|established|"
    "establish(?:es)?|definitely|certainly|unquestionably|"
    "one of the (?:most|best)|(?:the )?most effective|(?:the )?best (?:treatment|way|exercise|"
    "option|cure)|gold standard|settled|"
    "cures?|permanently|permanent|for good|once and for all|for life|forever|miracle|"
    "(?:any|every|each) (?:new|other|future) (?:clinic|study|trial|patient|setting)s?|in every clinic|works everywhere|"
    "the next (?:clinic|study|trial|patient|person|studio)|nothing (?:\\w+ ){0,8}?(?:better|more effective)|"
    "(?:whatever|whichever) (?:clinic|programme|program|studio|practice)|wherever (?:you|the|it|they)|"
    "clinically proven|scientifically|conclusively|conclusive|any (?:other|knee)|overwhelming|any kind of|the only"
    r")\b",
    re.IGNORECASE,
)
THAT_IS_SURE: Final = re.compile(
    r"\b(?:that|this|it) (?:is|has been) (?:now )?(?:settled|proven|proved|certain|beyond doubt|established)\b",
    re.IGNORECASE,
)
MAY: Final = _words(
    "may|might|could|possibly|perhaps|maybe|suggest(?:s|ed)?|appear(?:s|ed)?|seem(?:s|"
    "ed)?|tend(?:s|ed)?|sometimes|some people|likely to help|"
    "can help|probably|potentially|worth a try|worth trying|one sensible|reasonable|sensible|"
    "can ease|can relieve|loosely|many|some|on average|(?:has|have) been (?:found|seen|noted|reported) in"
)
HEDGED: Final = _words("may|might|could|possibly|perhaps|maybe|worth a try|worth trying|can|sometimes")
#: A text that tells the other side itself.
BOTH_SIDES: Final = re.compile(
    r"\bbut not\b|\bnot in (?:the )?others\b|\bsome (?:studies|trials) (?:found|did|show)|"
    r"\bothers? (?:found|did|show)|\bother (?:\w+ )?(?:studies|cohorts|trials|reviews|"
    r"research)\b[^.;]{0,40}?\b(?:not|no|none|opposite)\b|\bdid not predict\b|\bmixed\b|"
    r"\bnot all\b|\bonly in\b|\bhave generally not\b|\bmostly (?:did not|found no)|\bnot confirmed\b|"
    r"\bdid not find\b|(?:^|[.;,]\s+)(?:yet|however|but|still|even so)\b[^.]{0,120}?\b(?:not|no|none|"
    r"nothing|opposite|other way)\b|\bnot been repeated\b|\bin (?:one|two|some|parts?)\b(?! (?:study|"
    r"trial|week|month|year|minute|session))|\babout (?:equally|as (?:well|much|good))\b",
    re.IGNORECASE,
)
NEEDED: Final = _words("needed?|needs|minimum|at least|required?|takes?|necessary")
PROMISE: Final = re.compile(
    r"\b(?:you (?:will|can expect|should expect|'ll)|you'll|expect|guarantee[sd]?|"
    r"(?:most|nearly all|almost all|the majority of|all) (?:of (?:our|the) )?(?:\w+ ){0,2}?(?:people|"
    r"patients|adults|runners|clients|athletes|women|men)|"
    r"consistently|our (?:patients|clients|runners|method|programme|program|approach))\b",
    re.IGNORECASE,
)
BIG: Final = _words(
    "huge|big|large|substantial(?:ly)?|dramatic(?:ally)?|massive(?:ly)?|clinically (?:important|"
    "meaningful|relevant|significant)|meaningful(?:ly)?|"
    "noticeabl[ey]|clear difference|far (?:more|better|less)|much (?:more|better|less)|"
    "impressive|important|major|great deal|really feel|"
    "life-changing|considerabl[ey]|powerful(?:ly)?|marked(?:ly)?|strikingly|remarkabl[ey]"
)
#: Words that say the missing comparison themselves.
ADMITS: Final = re.compile(
    r"\b(?:no|without an?|without|had no|lacked an?|not have an?)\s+(?:\w+\s+){0,2}?(?:comparison|"
    r"control|untreated|group)|\buncontrolled\b|"
    r"\bno (?:other )?group\b|\b(?:their|its|his|her|the women's|the men's)?\s*own (?:start(?:ing \w+)?|"
    r"baseline)\b|\b(?:than|from|at|before) (?:at |before )?their (?:own )?start\b|"
    r"\bnobody (?:\w+\s+){0,2}?compar|\bcompared with their own\b|\bwithin (?:each|one|"
    r"the) group\b|\bcase series\b|\bnot (?:followed )?for comparison\b|"
    r"\bdoes not show that the (?:program|exercise)",
    re.IGNORECASE,
)

# ------------------------------------------------------------------ who speaks

RESEARCH: Final = _words(
    r"studies|study|trials?|research|reviews?|meta-analys[ie]s|meta-analytic|evidence|scientists?|"
    r"researchers?|cohorts?|"
    r"experiments?|literature|science|data|series|paper|et al|rct|analysis|analy[sz]ed|"
    r"according to|authors?|evidence-based|investigat\w+"
)
#: Of people who were studied, where no study is named.
TOOK_PART: Final = re.compile(
    r"\b(?:shared|split|divided|assigned|allotted|allocated|randomi[sz]ed|enrolled|recruited|tracked) "
    r"(?:[\w-]+ ){0,5}?(?:people|patients|women|men|runners|adults|recruits|adolescents|participants)\b|"
    r"\b(?:were|was) (?:\w+ )?(?:followed|tracked|randomi[sz]ed|enrolled|recruited|allocated|tested|"
    r"divided|split into)\b"
    r"|\btook part(?! in our)\b|\bfollowed (?:up )?for\b",
    re.IGNORECASE,
)
PAST: Final = _words(
    r"was|were|had|did|worked|fell|rose|got|averaged|dropped|went|came|made|saw|gave|took|"
    r"could|became|improved|increased|reduced|"
    r"decreased|returned|lasted|followed|showed|reported|persisted|remained|stayed|changed|recovered|ran|grew"
)
#: A result that is said to stay.
LASTING: Final = re.compile(
    r"\b(?:maintained|sustained|persist(?:s|ed|ing)?|lasting|long[- ]lasting|long[- ]term|durable|kept up|held up|"
    r"at (?:the )?follow[- ]up|still (?:there|better|present|visible|pain-free|improved)|stays? away|"
    r"do(?:es)? not (?:come back|return)|never (?:comes? back|returns?))\b",
    re.IGNORECASE,
)
#: That those who were not treated did not change says nothing of those who were.
NULL_ELSEWHERE: Final = re.compile(
    r"\b(?:did not|didn't|stayed|showed no|had no|no)\b[^,.;]{0,40}?\b(?:in|for|among) the (?:second|"
    r"other|control|comparison|"
    r"untreated|waiting\W\w+|inactive)\b(?:\s+(?:group|arm|women|men|people|half|one|ones|runners|patients))?"
    r"|\b(?:the )?(?:other|second|control|comparison|untreated|waiting-list|inactive) "
    r"(?:group|arm|women|men|people|half|ones|runners|patients)(?: [\w-]+){0,4}? (?:did not|didn't|"
    r"stayed|showed no|had no)\b[^,.;]*"
    r"|\b(?:the others|controls) (?:did not|didn't|stayed|showed no|had no)\b[^,.;]*",
    re.IGNORECASE,
)
#: That some people did not do something says nothing of the result.
DID_NOT: Final = re.compile(
    r"\b(?:those|ones|people|women|men|group|others|girls|boys|runners|patients|peers|who|that)\s+(?:who\s+|that\s+)?"
    r"(?:did not|didn't|do not|don't|had not|hadn't|were not|weren't)\b(?:\s+(?:do|train|exercise|get|have|take)\w*)?",
    re.IGNORECASE,
)
#: What is said not to be so: "more often, not less".
DENIED: Final = re.compile(
    r",?\s*\b(?:not|rather than|and not|instead of)\s+(?:less|more|better|worse|fewer|lower|higher)\b(?!\s+than)",
    re.IGNORECASE,
)
#: A treatment in the present tense does what it is said to do to anyone, whoever found it.
DOES: Final = _words(
    "takes|cuts|reduces|improves|eases|lowers|brings|raises|increases|relieves|lessens|halves|boosts|shaves|knocks|"
    "decreases|gives|makes|adds"
)
#: Research as a whole is said to show it now: that is no report of one study.
AT_LARGE: Final = re.compile(
    r"\b(?:studies|trials|research|evidence|science|reviews|scientists|researchers|experts)\b[^.,;]{0,30}?"
    r"\b(?:shows?|shown|proves?|proven|says?|suggests?|agrees?|confirms?|demonstrates?|backs?|(?:is|are) clear)\b",
    re.IGNORECASE,
)
#: A difference is said to be larger than the smallest one that matters.
MCID_PASSED: Final = re.compile(
    r"(?<!neither )\b(?:more|larger|bigger|greater|better|well|far|comfortably|clearly|easily|above|"
    r"beyond|over|exceed\w*|clear(?:s|ed)?|"
    r"pass\w*|surpass\w*|meets?|reach\w*)\b[^.;]{0,25}?\b(?:smallest|minimum|minimal(?:ly)?|least|threshold)\b",
    re.IGNORECASE,
)
#: A difference is said to be one that people notice.
NOTICED: Final = re.compile(
    r"\b(?:difference|gain|change|effect|improvement|benefit|that|it|which)\b(?![^.;]*\b(?:not|no|"
    r"never|hardly|barely|too|less|"
    r"short|below|few|whether|might|may|could)\b)[^.;]{0,40}?\b(?:notices?|feels?|felt|noticed|"
    r"matters? to|worthwhile|worth having)\b",
    re.IGNORECASE,
)
#: What quotation marks stand around is read like the rest.
QUOTE: Final = re.compile('[\u201c\u201d\u201e\u00ab\u00bb"]')
#: One study is taken as the answer to a question about everybody.
GENERALISES: Final = re.compile(
    r"\b(?:it (?:would |does )?(?:seems?|appears?) so|so yes|the answer is yes|in (?:other words|short)|"
    r"that is how well|that (?:proves|shows|means)|which (?:proves|shows|means) that|this (?:proves|shows|means)|"
    r"clear proof|so you can|which makes (?:it|this|them|that))\b|(?:^|[.?!]\s+)yes\b",
    re.IGNORECASE,
)
#: Of people of whom the sentence before has said what happened.
AFFECTED: Final = re.compile(
    r"\b(?:were|was|got) (?:affected|hit|struck)\b|\b(?:of (?:them|those|whom)|among them)\b", re.IGNORECASE
)
#: That nobody has shown what a sentence tells, wherever in the sentence it says so.
NOT_SHOWN: Final = re.compile(
    r"\bno (?:good |clear |single )?(?:study|studies|trial|trials|evidence|source|research|"
    r"paper)\b[^.;]{0,30}?\b(?:shows?|supports?|proves?|found|finds?|backs?|it|this)\b"
    r"|\bis another matter\b|\bis (?:a )?(?:myth|unproven)\b",
    re.IGNORECASE,
)
#: A review is said to know what was published until now.
SEARCHED_TODAY: Final = re.compile(
    r"\bsearch\w*\b[^.;]{0,40}?\b(?:today|to date|this (?:year|month|week)|present day|"
    r"up[- ]to[- ]date|the present|right now)\b",
    re.IGNORECASE,
)
#: A time is counted from the end of the treatment, not from its start.
AFTER_END: Final = re.compile(
    r"\b(?:after|once|since|following|beyond)\b[^.,;]{0,40}?\b(?:ended|finished|stopped|was over|"
    r"were over|completed|completion|end of)\b"
    r"|\bpost-?(?:treatment|intervention|programme|program)\b|\bfollow-?ups?\b",
    re.IGNORECASE,
)
#: Which end of a scale is better says nothing of a result.
SCALE_NOTE: Final = re.compile(
    r"\b(?:(?:where |with )?(?:a )?(?:lower|higher|less|more|fewer|smaller|bigger|"
    r"larger)(?: (?:scores?|numbers?|values?|points?))?"
    r"(?: (?:is|are|means?|being)|=)|(?:the )?(?:lower|higher|more|less) the) (?:the )?(?:better|"
    r"worse|less pain|more pain|better function)\b",
    re.IGNORECASE,
)
#: The end of an exposure that is denied: "not the weaker ones".
DENIED_END: Final = re.compile(
    r",?\s*\b(?:and not|not|rather than|instead of)\s+(?:in\s+|the\s+|from\s+)*(?:weak|strong)(?:er|"
    r"est)?(?:\s+(?:ones?|hips?|hip muscles?|muscles?|glutes?))?\b",
    re.IGNORECASE,
)
#: "takes two points more off" is less, whatever stands between.
TAKEN_OFF: Final = re.compile(
    r"\b(?:tak(?:e|es|ing|en)|took|knock(?:s|ed)?|shav(?:e|es|ed)|wip(?:e|es|ed))\b(?:[^.;,]|[.,]\d){0,70}?\boff\b",
    re.IGNORECASE,
)
#: The past tense of a comparison that was made once.
THEN: Final = _words(r"was|were|had|did|got|worked|came out|fell|rose|ended up|improved more|differed")
SUPPORTED_DOSE: Final = re.compile(
    r"\b(?:research|studies|evidence|science|trials|experts)\b[^.]{0,60}?\b(?:supports?|"
    r"shows?|recommends?|suggests?|says?|found|backs?|proves?|points?)|"
    r"\bevidence-based\b|\brecommended by (?:research|studies)|\baccording to (?:research|"
    r"studies|the evidence)|\bproven (?:dose|dosage|amount)|"
    r"\bresearch-backed\b",
    re.IGNORECASE,
)
CLINIC: Final = re.compile(
    r"^\W*(?:(?:at|here at|in) (?!a\b|an\b|the\b|one\b)[\w\s&'-]+?,\s*)?(?:we|our (?:goal|aim|team|clinic|founder|"
    r"approach|integrated approach|plan|studio|physical therapists|staff|mission|"
    r"therapists|physios|practice)|you can reach|this page|the final phase)\b|\bwe (?:also |"
    r"will |then |first )?(?:offer|create|monitor|use|track|test|measure|"
    r"recogni[sz]e|address|practise|rate|progress|check|assess|believe|specialize|specialise|treat|teach|work|start)\b",
    re.IGNORECASE,
)
INSTRUCTION: Final = re.compile(
    r"^\W*(?:(?:if|when|once|as|after|before|while)\b[^,]*,\s*|then\s+|next,?\s+|now\s+|"
    r"please\s+|always\s+|never\s+|slowly\s+|you should\s+|you can\s+|to begin,?\s+|"
    r"for (?:best|good) results,?\s+|(?:frequency|volume|duration|sets|reps|rest)\s*:\s*|don't (?!let))?"
    r"(?:do|hold|rest|start|tie|lower yourself|lower your|lower the|lower down|repeat|walk|"
    r"use|raise (?:your|the)|keep (?:your|the|it|going|a|any|pain|both)|lift|step|breathe|push|stand|"
    r"lie|bend|squat|perform|complete|aim|"
    r"add (?:a|the|\d|more|weight)|increase (?:the|your|to|by|slowly)|try|book|call|ask|"
    r"see|visit|contact|talk|stop|avoid|wear|follow|take|begin|place|put (?:your|the|a|"
    r"one)|pull|press|"
    r"squeeze|sit|turn (?:your|the)|move (?:your|the|to|up)|return to|switch to|work up|"
    r"build up|progress|advance|rotate|drive your|let us|tell|schedule|discover|learn|read|"
    r"click|reach us|find out|bring|choose|pick|get in touch|come|let your|wait|apply|ice|"
    r"swap|count|lean|cross|loop|perform|maintain|train (?:your|two|three|the)|"
    r"give|make sure|check|remember|listen|set|slide|lunge|hop|jump|jog|run|warm|cool|stretch|"
    r"relax|pause|check|join|sign|share|download|watch|take control)\b",
    re.IGNORECASE,
)
ASKING: Final = re.compile(r"^\W*(?:how|what|why|when|where|which|who)\b[^.]*$", re.IGNORECASE)
#: "Sit all day and your muscles forget": a consequence, not only an instruction.
AND_THEN: Final = re.compile(r"\band (?:you(?:'ll| will)|(?:your|the) (?:[\w-]+ ){1,4}?(?:will|\w+s)\b)", re.IGNORECASE)
ANALYSED: Final = re.compile(
    r"\b(?:analy[sz]\w+|results? (?:from|of|for|in)|based on|rests? on|followed|tracked|completed|measured)\b",
    re.IGNORECASE,
)
#: A chance told as a part or a multiple of another.
IN_PARTS: Final = re.compile(
    r"\b(?:halv(?:e|es|ed|ing)|doubl(?:e|es|ed|ing)|tripl(?:e|es|ed|ing)|"
    r"by (?:a|one|two|three) (?:half|third|quarter|fifth)s?|in half|by (?:a )?half|three[- ]quarters)\b",
    re.IGNORECASE,
)
#: An answer to "why?".
BECAUSE: Final = re.compile(r"^\W*(?:(?:it|that)(?:'s| is) )?because\b", re.IGNORECASE)
#: An interval of what was found is told as what others will see.
FOR_OTHERS: Final = re.compile(
    r"\b(?:next|any|every|each|new|other|future) (?:\w+ )?(?:clinic|study|trial|patient|person|setting|group)s?\b"
    r"[^.;]{0,60}?\b(?:range|interval|between|inside|within)\b",
    re.IGNORECASE,
)
#: What is allowed or advised during an exercise, not what it does.
RULE: Final = re.compile(
    r"\b(?:is|are) (?:fine|ok|okay|all right|normal|nothing to worry about|allowed|acceptable)\b"
    r"|\byou(?:'ll| will) be (?:asked|given|shown|invited|taught|sent)\b",
    re.IGNORECASE,
)
#: A question that tells its answer: "did you know that ...?"
RHETORICAL: Final = re.compile(r"\b(?:did you know|guess what|isn't it time|who knew)\b", re.IGNORECASE)
POINTING: Final = re.compile(
    r"\b(?:the same|that|this|the|these|those|said)\s+(?:\d{4}\s+)?(?:pilot\s+|small\s+|"
    r"large\s+)?(?:study|trial|review|paper|cohort|analysis|series|experiment|comparison|"
    r"programme|program|authors)\b|"
    r"^\W*(?:it|they|this|these|there)\b|\bin that\b",
    re.IGNORECASE,
)
