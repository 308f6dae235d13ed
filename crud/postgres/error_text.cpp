#include "crud/postgres/error_text.hpp"

#include <libpq-fe.h>

#include <algorithm>

namespace ocpi::crud::postgres {

namespace {

std::string_view field(const pg_result* result, int code) noexcept
{
    const char* text = PQresultErrorField(result, code);
    return text ? text : "";
}

std::string_view trimmed(std::string_view text) noexcept
{
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
    return text;
}

bool is_sqlstate(std::string_view text) noexcept
{
    return text.size() == 5 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
           });
}

std::string with_advice(std::string text, std::string_view sqlstate)
{
    if (const auto advice = advice_for(sqlstate); !advice.empty()) text.append("; ").append(advice);
    return text;
}

}  // namespace

std::string_view advice_for(std::string_view sqlstate) noexcept
{
    if (sqlstate == "28P01" || sqlstate == "28000") {
        return "check the user and the password (database_password_file, PGPASSFILE or PGPASSWORD) "
               "and the server's pg_hba.conf";
    }
    if (sqlstate == "3D000")
        return "create it: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0";
    if (sqlstate == "42501") {
        return "give the user that right; the owner of the database and of its tables has all that "
               "is needed";
    }
    if (sqlstate == "53300") {
        return "raise max_connections, or use fewer connections for each process";
    }
    if (sqlstate == "53100") return "the server's disk is full";
    if (sqlstate == "57P03") return "the server is starting or stopping; try again in a moment";
    return {};
}

postgres_error failed_statement(const std::string& where, const pg_result* result)
{
    const std::string sqlstate(field(result, PG_DIAG_SQLSTATE));
    std::string text = where + ": ";
    const auto message = field(result, PG_DIAG_MESSAGE_PRIMARY);
    text.append(message.empty() ? trimmed(PQresultErrorMessage(result)) : message);
    text.append(" (SQLSTATE ").append(sqlstate).append(")");
    if (const auto hint = field(result, PG_DIAG_MESSAGE_HINT); !hint.empty()) {
        text.append("; ").append(hint);
    }
    return {with_advice(std::move(text), sqlstate), sqlstate.empty() ? "XX000" : sqlstate};
}

bool ends_connection(const pg_result* result) noexcept
{
    const auto severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    return severity == "FATAL" || severity == "PANIC";
}

postgres_error failed_connect(const std::string& where, std::string_view text)
{
    // "FATAL:  28P01: password authentication failed …\nLOCATION:  auth_failed, auth.c:338\n"
    std::string sqlstate;
    std::string message;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.starts_with("LOCATION:")) continue;
        for (auto colon = line.find(":  "); colon != line.npos;
             colon = line.find(":  ", colon + 1)) {
            const auto rest = line.substr(colon + 3);
            if (rest.size() < 7 || !is_sqlstate(rest.substr(0, 5)) || rest[5] != ':') continue;
            sqlstate = rest.substr(0, 5);
            line = rest.substr(7);
            break;
        }
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        if (line.empty()) continue;
        if (!message.empty()) message += ' ';
        message += line;
    }
    if (message.empty()) message = "the connection was refused";
    std::string whole = where + ": " + message;
    if (!sqlstate.empty()) whole += " (SQLSTATE " + sqlstate + ")";
    return {with_advice(std::move(whole), sqlstate), sqlstate};
}

}  // namespace ocpi::crud::postgres
