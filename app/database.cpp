#include "app/database.hpp"

#include "crud/memory/memory_crud.hpp"
#include "crud/postgres/postgres_crud.hpp"
#include "crud/postgres/url.hpp"
#include "crud/sqlite/sqlite_crud.hpp"

#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace ocpi::app {
namespace {

constexpr std::string_view memory_url = "memory:";
constexpr std::string_view sqlite_scheme = "sqlite:";

}  // namespace

std::shared_ptr<Crud> open_database(const std::string& url, std::shared_ptr<logger> log)
{
    if (url == memory_url) return std::make_shared<crud::memory_crud>();
    if (url.starts_with(sqlite_scheme) && url.size() > sqlite_scheme.size()) {
        crud::sqlite_options options;
        options.path = url.substr(sqlite_scheme.size());
        options.logger = std::move(log);
        return std::make_shared<crud::sqlite_crud>(options);
    }
    if (crud::postgres::is_postgres_url(url)) {
        crud::postgres_options options;
        options.connection.url = url;
        options.logger = std::move(log);
        return std::make_shared<crud::postgres_crud>(options);
    }
    throw std::runtime_error(
        "the database \"" + url +
        "\" is of no known kind: write sqlite:PATH, postgresql://USER@HOST/NAME or memory:");
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
    if (!url.starts_with(sqlite_scheme) || url.size() == sqlite_scheme.size()) {
        throw std::runtime_error("the database \"" + url +
                                 "\" is no SQLite file: write sqlite:PATH");
    }
    return url.substr(sqlite_scheme.size());
}

bool is_durable(const std::string& url)
{
    return url != memory_url;
}

}  // namespace ocpi::app
