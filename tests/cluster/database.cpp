#include "tests/cluster/database.hpp"

namespace cluster {

namespace {

/// What stands between the user and the database: `HOST:PORT`.
std::string host_of(const std::string& url)
{
    const auto begin = url.find('@') + 1;
    return url.substr(begin, url.find('/', begin) - begin);
}

ocpi::test::postgres_setting setting_of(database::kind of)
{
    ocpi::test::postgres_setting setting;
    setting.listens_on_tcp = of == database::kind::on_tcp;
    return setting;
}

}  // namespace

database::database(kind of) : server_(setting_of(of)), url_(server_.create_database("cluster"))
{
    if (of != kind::replicated) return;
    standby_ = server_.make_standby();
    const auto host = host_of(url_);
    url_.insert(url_.find(host) + host.size(), ',' + host_of(standby_->url()));
    url_ += "?target_session_attrs=read-write";
}

database_urls database::urls() const
{
    return {{url_, url_, url_}, url_};
}

void database::fail_over()
{
    server_.stop("immediate");
    standby_->promote();
}

}  // namespace cluster
