"""What changed from one rules version to the next, and why.

A new entry goes last. It names every rule that was added, changed or taken away, and the scenario
test that shows why the former rule was wrong.
"""

from graph.vocabulary.terms import RulesEdition

HISTORY = (
    RulesEdition(
        1,
        (
            "First edition.",
            (
                "The loss of a served version is not felt over SERVES where the edge is marked "
                "`optional`, like over every other relation that has this mark."
            ),
            (
                "A mark that only possible claims carry, beside others that do not, makes no rule "
                "certain and stops none: the rules of both readings are possible."
            ),
            (
                "`version_not_revoked` asks for the date of expiry too. What sources of equal "
                "precedence contradict each other on counts as not recorded; where one of them calls "
                "an asset an agent, instructions in what it reads possibly control it."
            ),
        ),
    ),
)
