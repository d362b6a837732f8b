-- unlike: has any twin still to be looked at, since it is its digits that decide?
-- grain:  one row: the answer
-- params: none
-- order:  none
SELECT count(*) > 0
FROM mining_chosen AS chosen
JOIN example_shapes AS shapes ON shapes.example = chosen.seq
WHERE shapes.by_digits AND NOT chosen.is_sure;
