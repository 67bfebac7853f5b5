"""The rule table as people agreed on it, written out by hand and never made from the code.

One rule a line: relation, the harm and what it becomes (S the subject, O the object, `?` for
possible), the subject kinds, the object kinds, then marks that the edge must have (+) or must not have
(-), then the condition in braces. Kinds: A Asset, I Identity, S Secret, D Dataset, E Evidence, C Decision.
"""

WRITTEN_RULES = """
AUTHENTICATES  S.DISCLOSED   > O.CONTROLLED     S     I
AUTHENTICATES  S.UNAVAILABLE > O.UNAVAILABLE    S     I       +sole
AUTHENTICATES  S.UNAVAILABLE > O.UNAVAILABLE ?  S     I       -sole
AUTHENTICATES  O.CONTROLLED  > S.DISCLOSED ?    S     I
MEMBER_OF      S.CONTROLLED  > O.CONTROLLED     I     I
MEMBER_OF      S.UNAVAILABLE > O.UNAVAILABLE ?  I     I
CAN_ASSUME     S.CONTROLLED  > O.CONTROLLED     I     I
CAN_READ       S.CONTROLLED  > O.DISCLOSED      I     ADS
CAN_WRITE      S.CONTROLLED  > O.TAINTED        I     AD
CAN_WRITE      S.CONTROLLED  > O.UNAVAILABLE ?  I     ADS
CAN_INVOKE     S.CONTROLLED  > O.DISCLOSED ?    I     A
CAN_ADMIN      S.CONTROLLED  > O.CONTROLLED     I     AI
CAN_ADMIN      S.CONTROLLED  > O.DISCLOSED      I     SD
CAN_ADMIN      S.CONTROLLED  > O.TAINTED        I     D
CAN_ADMIN      S.CONTROLLED  > O.UNAVAILABLE ?  I     ADIS
RUNS_AS        S.CONTROLLED  > O.CONTROLLED     A     I
RUNS_AS        O.UNAVAILABLE > S.UNAVAILABLE    A     I
USES_SECRET    S.CONTROLLED  > O.DISCLOSED      A     S
USES_SECRET    O.UNAVAILABLE > S.UNAVAILABLE    A     S       -optional
FOUND_IN       O.DISCLOSED   > S.DISCLOSED      S     AD
SAME_VALUE     S.DISCLOSED   > O.DISCLOSED      S     S
SAME_VALUE     O.DISCLOSED   > S.DISCLOSED      S     S
STORED_IN      O.CONTROLLED  > S.DISCLOSED      SD    A
STORED_IN      O.CONTROLLED  > S.TAINTED        D     A
STORED_IN      O.DISCLOSED   > S.DISCLOSED      D     A
STORED_IN      O.UNAVAILABLE > S.UNAVAILABLE    SD    A
ENCRYPTED_BY   O.UNAVAILABLE > S.UNAVAILABLE    D     S
ENCRYPTED_BY   O.DISCLOSED   > S.DISCLOSED ?    D     S
SIGNED_BY      O.DISCLOSED   > S.TAINTED ?      A     S
READS          O.TAINTED     > S.TAINTED        A     D       -refined -coarse
READS          O.TAINTED     > S.TAINTED ?      A     D       +coarse
READS          O.UNAVAILABLE > S.UNAVAILABLE    A     D       -optional
READS          S.CONTROLLED  > O.DISCLOSED      A     D
WRITES         S.TAINTED     > O.TAINTED        A     D
WRITES         S.UNAVAILABLE > O.UNAVAILABLE ?  A     D
PRODUCES       S.TAINTED     > O.TAINTED        A     A
DERIVED_FROM   O.TAINTED     > S.TAINTED        AD    AD
DERIVED_FROM   O.UNPROVEN    > S.UNPROVEN ?     AD    AD
TRAINED_ON     O.TAINTED     > S.TAINTED        A     D
TRAINED_ON     O.UNPROVEN    > S.UNPROVEN       A     D
TRAINED_ON     S.DISCLOSED   > O.DISCLOSED ?    A     D
EVALUATED_ON   O.TAINTED     > S.UNPROVEN       A     D
EVALUATED_ON   O.UNPROVEN    > S.UNPROVEN       A     D
VERSION_OF     O.UNAVAILABLE > S.UNAVAILABLE    AD    AD
VERSION_OF     S.DISCLOSED   > O.DISCLOSED      S     S       {version_not_revoked}
DEPLOYED_AS    O.TAINTED     > S.TAINTED        A     A
DEPLOYED_AS    O.UNPROVEN    > S.UNPROVEN       A     A
DEPLOYED_AS    O.CONTROLLED  > S.CONTROLLED     A     A
DEPLOYED_AS    O.UNAVAILABLE > S.UNAVAILABLE ?  A     A
DEPLOYED_AS    S.CONTROLLED  > O.DISCLOSED      A     A
SERVES         O.TAINTED     > S.TAINTED        A     A
SERVES         O.UNAVAILABLE > S.UNAVAILABLE    A     A       +sole -optional
SERVES         O.UNAVAILABLE > S.UNAVAILABLE ?  A     A       -sole -optional
SERVES         S.CONTROLLED  > O.DISCLOSED      A     A
WITHIN         O.CONTROLLED  > S.CONTROLLED     AI    A
WITHIN         O.CONTROLLED  > S.DISCLOSED      SD    A
WITHIN         O.CONTROLLED  > S.TAINTED        D     A
WITHIN         O.DISCLOSED   > S.DISCLOSED      AD    AD
WITHIN         O.DISCLOSED   > S.DISCLOSED      S     AD      +listed
WITHIN         O.TAINTED     > S.TAINTED        AD    AD
WITHIN         O.UNAVAILABLE > S.UNAVAILABLE    ADSI  AD
PART_OF        S.TAINTED     > O.TAINTED        A     A
PART_OF        S.UNAVAILABLE > O.UNAVAILABLE ?  A     A
PART_OF        O.CONTROLLED  > S.CONTROLLED ?   A     A
BUILT_FROM     O.TAINTED     > S.CONTROLLED     A     A
BUILT_FROM     O.CONTROLLED  > S.CONTROLLED     A     A
INVOKES        O.TAINTED     > S.TAINTED        A     A
INVOKES        O.UNAVAILABLE > S.UNAVAILABLE    A     A       -optional
INVOKES        S.CONTROLLED  > O.DISCLOSED ?    A     A
PROMPTED_BY    O.TAINTED     > S.TAINTED        A     A
PROMPTED_BY    O.UNAVAILABLE > S.UNAVAILABLE ?  A     A
PROMPTED_BY    S.CONTROLLED  > O.DISCLOSED      A     A
GUARDED_BY     O.UNAVAILABLE > S.UNPROVEN       A     A
GUARDED_BY     O.TAINTED     > S.UNPROVEN       A     A
RUNS_ON        O.CONTROLLED  > S.CONTROLLED     A     A
RUNS_ON        O.UNAVAILABLE > S.UNAVAILABLE    A     A       -optional
RUNS_ON        S.CONTROLLED  > O.CONTROLLED ?   A     A       +privileged
OWNS           S.UNAVAILABLE > O.ORPHANED       I     ADISEC  +accountable {no_other_living_owner}
ABOUT          S.UNAVAILABLE > O.UNPROVEN ?     EC    ADEC
ABOUT          S.UNPROVEN    > O.UNPROVEN ?     EC    ADEC
VERIFIED_BY    O.CONTROLLED  > S.UNPROVEN ?     E     I       {verified_after_since}
VERIFIED_BY    O.DISCLOSED   > S.UNPROVEN ?     E     S       {verified_after_since}
DECIDED_BY     O.CONTROLLED  > S.UNPROVEN ?     C     I
COLLECTED_BY   O.TAINTED     > S.UNPROVEN       E     A
COLLECTED_BY   O.CONTROLLED  > S.UNPROVEN ?     E     AI
"""

WRITTEN_PAIRS = """
AUTHENTICATES  S>I
MEMBER_OF      I>I
CAN_ASSUME     I>I
CAN_READ       I>A I>D I>S
CAN_WRITE      I>A I>D I>S
CAN_INVOKE     I>A
CAN_ADMIN      I>A I>D I>I I>S
RUNS_AS        A>I
USES_SECRET    A>S
FOUND_IN       S>A S>D
SAME_VALUE     S>S
STORED_IN      S>A D>A
ENCRYPTED_BY   D>S
SIGNED_BY      A>S
READS          A>D
WRITES         A>D
PRODUCES       A>A
DERIVED_FROM   D>D A>A
TRAINED_ON     A>D
EVALUATED_ON   A>D
VERSION_OF     A>A D>D S>S R>R
DEPLOYED_AS    A>A
SERVES         A>A
WITHIN         A>A A>D D>A D>D S>A S>D I>A I>D
PART_OF        A>A Q>Q
BUILT_FROM     A>A
INVOKES        A>A
PROMPTED_BY    A>A
GUARDED_BY     A>A
RUNS_ON        A>A
EXPOSED_TO     A>A
OWNS           I>A I>I I>S I>D I>R I>Q I>E I>C
REQUIRES       R>Q
ABOUT          E>A E>I E>S E>D E>R E>Q E>E E>C C>A C>I C>S C>D C>R C>Q C>E C>C
SATISFIES      E>Q
VERIFIED_BY    E>I E>S
DECIDED_BY     C>I
COLLECTED_BY   E>A E>I
"""

WRITTEN_MARKS = """
optional     INVOKES READS USES_SECRET RUNS_ON SERVES
refined      READS
coarse       READS
privileged   RUNS_ON
sole         AUTHENTICATES SERVES
listed       WITHIN
accountable  OWNS
steward      OWNS
contact      OWNS
"""

WRITTEN_HARMS = """
CONTROLLED   AI
DISCLOSED    ADS
TAINTED      AD
UNAVAILABLE  AISDEC
UNPROVEN     ADEC
ORPHANED     AISDEC
"""
