-- sample: from which texts are templates to be learned, where a type and code has very many?
-- grain:  mining_texts: of each type and code the first ones by hash, as in begin; mining_waiting: the others, likewise
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_sampled AS
SELECT text_id
FROM (
    SELECT text_id, row_number() OVER (PARTITION BY group_id ORDER BY md5(text)) AS rank
    FROM mining_texts
) AS ranked
WHERE rank <= mining_most();

CREATE OR REPLACE TEMP TABLE mining_waiting AS
SELECT texts.*
FROM mining_texts AS texts
ANTI JOIN mining_sampled AS sampled ON sampled.text_id = texts.text_id;

CREATE OR REPLACE TEMP TABLE mining_texts AS
SELECT texts.*
FROM mining_texts AS texts
SEMI JOIN mining_sampled AS sampled ON sampled.text_id = texts.text_id;
