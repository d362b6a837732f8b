-- load_macros: when is a value of a native line plain, so that the engine reads it as the format's own code would?
-- grain:  macros of the engine that stages events
-- params: none
-- order:  none
-- What is costly stands behind a CASE: of AND and OR the engine computes all parts for all rows.

-- A version 5 UUID (RFC 9562) of a SHA-1 in hex.
CREATE OR REPLACE TEMP MACRO uuid_of_sha1(digest) AS CAST(
    concat(
        digest[1:12], '5', digest[14:16],
        CASE
            WHEN digest[17] IN ('0', '4', '8', 'c') THEN '8'
            WHEN digest[17] IN ('1', '5', '9', 'd') THEN '9'
            WHEN digest[17] IN ('2', '6', 'a', 'e') THEN 'a'
            ELSE 'b'
        END,
        digest[18:32]
    ) AS UUID
);

-- The digest of which event.py makes the UUID of an event, by its own id or by its line.
CREATE OR REPLACE TEMP MACRO name_digest(kind, name) AS
    sha1(from_hex('6d1f2c0e4f0b5c4e9d5b0a7f3b1c9e42') || encode(kind || name));

-- A time in the usual form of ISO-8601; with an offset if the zone of those without is not UTC.
CREATE OR REPLACE TEMP MACRO is_time(value, zone_is_utc) AS regexp_full_match(
    value,
    '[1-8]\d{3}-\d\d-\d\d[Tt ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)?'
) AND CASE WHEN zone_is_utc THEN true ELSE regexp_matches(value, '(?:[Zz]|[+-]\d\d:\d\d)$') END;

-- A time as loggers write it, too: with a comma, more digits than count, an offset without a colon.
CREATE OR REPLACE TEMP MACRO is_time_of_a_logger(value, zone_is_utc) AS regexp_full_match(
    value,
    '[1-8]\d{3}-\d\d-\d\d[Tt ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:[.,]\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?'
) AND CASE WHEN zone_is_utc THEN true ELSE regexp_matches(value, '(?:[Zz]|[+-]\d\d:?\d\d)$') END;

-- The instant of a count of micro- or of other parts of seconds since 1970: how large it is tells of which.
CREATE OR REPLACE TEMP MACRO instant_of_count(count) AS CAST(
    make_timestamp(
        CASE
            WHEN count < 100000000000 THEN count * 1000000
            WHEN count < 100000000000000 THEN count * 1000
            WHEN count < 100000000000000000 THEN count
            ELSE count // 1000
        END
    ) AS TIMESTAMPTZ
);

-- The instant that event_time.py finds; NULL where that is to be asked.
CREATE OR REPLACE TEMP MACRO instant_of(value, zone_is_utc) AS CASE
    WHEN is_time(value, zone_is_utc) THEN TRY_CAST(value AS TIMESTAMPTZ)
    WHEN regexp_full_match(value, '[1-9]\d{8,18}') THEN instant_of_count(TRY_CAST(value AS BIGINT))
    WHEN regexp_full_match(value, '[1-9]\d{8,10}\.\d{1,9}')
        THEN CAST(make_timestamp(CAST(round_even(CAST(value AS DOUBLE) * 1000000, 0) AS BIGINT)) AS TIMESTAMPTZ)
    WHEN is_time_of_a_logger(value, zone_is_utc)
        THEN TRY_CAST(regexp_replace(replace(value, ',', '.'), '(\.\d{6})\d+', '\1') AS TIMESTAMPTZ)
END;

CREATE OR REPLACE TEMP MACRO truth(value) AS CASE value WHEN 'true' THEN true WHEN 'false' THEN false END;

-- The truth itself is needed as well, and made once for both.
CREATE OR REPLACE TEMP MACRO is_truth(value) AS ((value IS NULL) = (truth(value) IS NULL));

-- A text or a number that names something: not blank, no list or object, no truth. By its first byte.
CREATE OR REPLACE TEMP MACRO is_usual_name(value) AS (
    value IS NULL
    OR (
        value >= '!' AND value < '{' AND NOT (value >= '[' AND value < '\' OR value = 'true' OR value = 'false')
    )
);

-- Whether all of some texts are such names; one that has several lines may be refused for any of them.
CREATE OR REPLACE TEMP MACRO are_names(one, two, three, four, five, six) AS CASE
    WHEN
        is_usual_name(one) AND is_usual_name(two) AND is_usual_name(three) AND is_usual_name(four)
        AND is_usual_name(five) AND is_usual_name(six)
        THEN true
    ELSE NOT regexp_matches(
        concat_ws(e'\n', one, two, three, four, five, six, ''), '(?m)^(?:[\[{\pZ\pC]|(?:true|false)$)'
    )
END;

CREATE OR REPLACE TEMP MACRO is_count(value) AS regexp_full_match(value, '[1-9]\d{0,8}');

CREATE OR REPLACE TEMP MACRO is_list_of_texts(value) AS (
    value IS NULL OR regexp_full_match(value, '\[(?:"(?:[^"\\]|\\.)*",?)*\]')
);

-- JSON that is no text, which may hold JSON once more, and cannot nest deeper than depth.py allows: the record and
-- its section are two levels.
CREATE OR REPLACE TEMP MACRO is_input_data(value) AS CASE
    WHEN value IS NULL THEN true
    WHEN starts_with(value, '"') THEN false
    WHEN strlen(value) <= 196 THEN true
    ELSE strlen(value) - strlen(replace(replace(value, '{', ''), '[', '')) <= 98
END;
