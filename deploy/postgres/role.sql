-- The role that gateways work under owns its database and may do nothing beside it: to a superuser, as the image makes of
-- POSTGRES_USER, row-level security means nothing. Run once, by the image, where there is no data yet.
\getenv password POSTGRES_PASSWORD
create role modula login password :'password';
create database modula owner modula;
