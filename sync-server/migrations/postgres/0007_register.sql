-- Tokens and codes (16), and what a wiped device says (17), are asked for with the facts about people, devices, passkeys and secrets.
DROP INDEX event_of_register;
CREATE INDEX event_of_register ON event (store, position) WHERE kind IN (11, 12, 14, 15, 16, 17);
