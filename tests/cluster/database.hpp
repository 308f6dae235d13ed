#pragma once

#include "tests/cluster/world.hpp"
#include "tests/support/postgres_server.hpp"

#include <memory>
#include <string>

namespace cluster {

/// A PostgreSQL server of a test's own, and a database in it.
class database {
public:
    /// On a Unix socket; on TCP as well; with a standby that confirms each commit.
    enum class kind { single, on_tcp, replicated };
    explicit database(kind of = kind::single);

    /// Each names all servers, for the one that can be written.
    database_urls urls() const;
    ocpi::test::postgres_server& server() { return server_; }
    const std::string& url() const { return url_; }

    /// The server ends without a checkpoint, as when its machine fails.
    void crash() { server_.stop("immediate"); }
    void start() { server_.start(); }
    /// The primary crashes, and the standby takes its place.
    void fail_over();

private:
    ocpi::test::postgres_server server_;
    std::unique_ptr<ocpi::test::postgres_server> standby_;
    std::string url_;
};

}  // namespace cluster
