#include "app/database.hpp"

#include "app/text_file.hpp"
#include "crud/memory/memory_crud.hpp"
#include "crud/postgres/postgres_crud.hpp"
#include "crud/postgres/url.hpp"
#include "crud/sqlite/sqlite_crud.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace ocpi::app {
namespace {

using crud::postgres::is_postgres_url;

constexpr std::string_view memory_url = "memory:";
constexpr std::string_view sqlite_scheme = "sqlite:";

std::shared_ptr<Crud> open_postgres(const database_settings& settings, std::shared_ptr<logger> log)
{
    crud::postgres_options options;
    options.connection.url = settings.url;
    if (!settings.password_file.empty()) {
        options.connection.password = read_database_password(settings.password_file);
    }
    options.connection.allow_lost_writes = settings.allow_lost_writes;
    options.logger = std::move(log);
    return std::make_shared<crud::postgres_crud>(options);
}

/// Of a text that is no URL of ours, where a password may be anywhere: as far as a scheme goes.
std::string first_word(const std::string& text)
{
    const auto end = text.find_first_of(":= /@?");
    return end == std::string::npos ? text : text.substr(0, end + 1) + "…";
}

bool is_sqlite_url(const std::string& url)
{
    return url.starts_with(sqlite_scheme) && url.size() > sqlite_scheme.size();
}

}  // namespace

std::string read_database_password(const std::string& file)
{
    auto text = read_text_file(file);
    if (!text) throw std::runtime_error("cannot read the password of the database from " + file);
    text->resize(std::min(text->find_first_of("\r\n"), text->size()));
    if (text->empty()) throw std::runtime_error("the first line of " + file + " is empty");
    return std::move(*text);
}

std::shared_ptr<Crud> open_database(const database_settings& settings, std::shared_ptr<logger> log)
{
    const auto& url = settings.url;
    if (url == memory_url) return std::make_shared<crud::memory_crud>();
    if (is_postgres_url(url)) return open_postgres(settings, std::move(log));
    if (is_sqlite_url(url)) {
        crud::sqlite_options options;
        options.path = url.substr(sqlite_scheme.size());
        options.logger = std::move(log);
        return std::make_shared<crud::sqlite_crud>(options);
    }
    require_known_kind(url);
    return nullptr;
}

void require_known_kind(const std::string& url)
{
    if (url == memory_url || is_sqlite_url(url)) return;
    if (is_postgres_url(url)) {
        (void)crud::postgres::parse_url(url);
        return;
    }
    throw std::runtime_error("the database \"" + shown_url(url) +
                             "\" is of no known kind: write sqlite:PATH, "
                             "postgresql://USER@HOST/NAME or memory:");
}

void require_existing(const std::string& url)
{
    if (!url.starts_with(sqlite_scheme)) return;
    const auto path = url.substr(sqlite_scheme.size());
    if (!std::filesystem::exists(path)) {
        throw std::runtime_error("there is no database " + path);
    }
}

std::string sqlite_path(const std::string& url)
{
    if (is_postgres_url(url)) {
        throw std::runtime_error(
            "a database on PostgreSQL is backed up with pg_dump, or with what your service offers, "
            "and restored with pg_restore; this command copies SQLite files");
    }
    if (!is_sqlite_url(url)) {
        throw std::runtime_error("the database \"" + shown_url(url) +
                                 "\" is no SQLite file: write sqlite:PATH");
    }
    return url.substr(sqlite_scheme.size());
}

bool is_durable(const std::string& url)
{
    return url != memory_url;
}

std::string shown_url(const std::string& url)
{
    if (is_postgres_url(url)) return crud::postgres::without_password(url);
    return url == memory_url || is_sqlite_url(url) ? url : first_word(url);
}

}  // namespace ocpi::app
