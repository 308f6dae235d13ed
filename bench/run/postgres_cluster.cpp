#include "bench/run/postgres_cluster.hpp"

#include "bench/postgres/pipeline.hpp"

#include <stdexcept>

namespace ocpi::bench {
namespace {

namespace fs = std::filesystem;

const std::string own_database = "/postgres?";

child_process start(const fs::path& project, const fs::path& directory)
{
    fs::remove_all(directory);
    return child_process({project / "scripts/scratch-postgres", directory.string()});
}

}  // namespace

postgres_cluster::postgres_cluster(const fs::path& project, const fs::path& directory)
    : process_(start(project, directory))
{
    const std::string ready = "listening on ";
    const auto line = process_.read_line();
    if (!line || !line->starts_with(ready)) throw std::runtime_error("PostgreSQL did not come up");
    url_ = line->substr(ready.size());
}

postgres_cluster::~postgres_cluster()
{
    process_.terminate();
}

std::string postgres_cluster::url(const std::string& database) const
{
    auto of = url_;
    return of.replace(of.find(own_database), own_database.size(), "/" + database + "?");
}

std::string postgres_cluster::host() const
{
    const std::string name = "host=";
    const auto begin = url_.find(name) + name.size();
    return url_.substr(begin, url_.find('&', begin) - begin);
}

void postgres_cluster::run(const std::string& sql, const std::string& database) const
{
    pipeline(url(database)).execute(sql);
}

bool postgres_cluster::has_database(const std::string& name) const
{
    pipeline on(url("postgres"));
    on.prepare("find", "SELECT count(*) FROM pg_database WHERE datname = $1");
    on.add("find", {binary_value::text(name)});
    return on.run().front().number(0, 0) > 0;
}

}  // namespace ocpi::bench
