-- wait: which texts are still without a template, and which of these are to be compared with what was learned?
-- grain:  mining_texts and mining_waiting, as in sample; the answer: whether there are such texts
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_ranked AS
SELECT *, row_number() OVER (PARTITION BY group_id ORDER BY md5(text)) AS rank
FROM mining_waiting
ANTI JOIN mining_matched ON mining_matched.text_id = mining_waiting.text_id;

CREATE OR REPLACE TEMP TABLE mining_texts AS
WITH matched AS (
    SELECT matched.template_id, flatten(list(waiting.shapes)) AS shapes
    FROM mining_matched AS matched
    JOIN mining_waiting AS waiting ON waiting.text_id = matched.text_id
    GROUP BY matched.template_id
)
SELECT texts.* REPLACE (list_concat(texts.shapes, matched.shapes) AS shapes)
FROM mining_texts AS texts
LEFT JOIN matched ON matched.template_id = texts.text_id
UNION ALL
SELECT * EXCLUDE (rank)
FROM mining_ranked
WHERE rank <= mining_most();

CREATE OR REPLACE TEMP TABLE mining_waiting AS
SELECT * EXCLUDE (rank)
FROM mining_ranked
WHERE rank > mining_most();

SELECT count(*) > 0 AS is_any
FROM mining_ranked;
