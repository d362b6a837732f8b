-- load_without_suspects: take out again what needs a closer look.
-- grain:  the rows of arriving and of mining_twins
-- params: none
-- order:  none
DELETE FROM mining_twins
WHERE seq IN (SELECT seq FROM suspects);

-- they come back with the same numbers, and not as twins of those that stay
UPDATE mining_twins
SET twin = -1 - twin
WHERE twin IN (SELECT seq FROM suspects);

DELETE FROM arriving
WHERE seq IN (SELECT seq FROM suspects);
