-- wait: which texts are still without a template, and which of these are to be compared with what was learned?
-- grain:  as in sample; what waits now stays as it is
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_ranked AS
SELECT *, row_number() OVER (PARTITION BY group_id ORDER BY md5(text)) AS rank
FROM mining_waiting
ANTI JOIN mining_matched ON mining_matched.text_id = mining_waiting.text_id;

INSERT INTO mining_members
SELECT members.shape_id, matched.template_id AS text_id
FROM mining_waiting_members AS members
JOIN mining_matched AS matched ON matched.text_id = members.text_id;

INSERT INTO mining_texts
SELECT * EXCLUDE (rank)
FROM mining_ranked
WHERE rank <= mining_most();

INSERT INTO mining_members
SELECT members.*
FROM mining_waiting_members AS members
SEMI JOIN (SELECT text_id FROM mining_ranked WHERE rank <= mining_most()) AS compared ON compared.text_id = members.text_id;

CREATE OR REPLACE TEMP TABLE mining_waiting AS
SELECT * EXCLUDE (rank)
FROM mining_ranked
WHERE rank > mining_most();

CREATE OR REPLACE TEMP TABLE mining_waiting_members AS
SELECT members.*
FROM mining_waiting_members AS members
SEMI JOIN mining_waiting ON mining_waiting.text_id = members.text_id;

SELECT count(*) > 0 AS is_any
FROM mining_ranked;
