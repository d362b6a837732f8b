-- many: are there so many texts that it pays to take out first what shows in a crowd?
-- grain:  one row: are_many
-- params: none
-- order:  none
SELECT count(*) >= 5000 AS are_many
FROM mining_texts;
