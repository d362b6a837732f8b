-- often: how often does a shape come, as far as that decides what is a value?
-- grain:  macros
-- params: none
-- order:  none

-- In steps, so that a few events more change nothing and what was mined stays as it is. What came eight times came often, and
-- how much more often does not matter: it outweighs whatever leave_one_out weighs it against.
CREATE OR REPLACE TEMP MACRO mining_often(events) AS CASE
    WHEN events >= 8 THEN 32
    WHEN events >= 4 THEN 4
    WHEN events >= 2 THEN 2
    ELSE 1
END;
