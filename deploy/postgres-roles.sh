#!/bin/sh
# Run once by the postgres image when its data folder is empty; on a server of your own run the same as superuser.
# Two roles: linli_owner owns the tables and migrates, linli_app is what web and worker connect as.
set -eu
psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
  --set owner_password="$LINLI_OWNER_PASSWORD" --set app_password="$LINLI_APP_PASSWORD" <<'SQL'
CREATE ROLE linli_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE linli_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'app_password';
CREATE DATABASE linli OWNER linli_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE linli FROM PUBLIC;
GRANT CONNECT ON DATABASE linli TO linli_app;
SQL
