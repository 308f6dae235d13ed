#pragma once

#include <string>
#include <thread>

namespace ocpi::test {

/// Speaks as much of PostgreSQL's protocol as a client needs to connect and to learn the server's
/// version, which is one of long ago. On a free port of 127.0.0.1, with a thread of its own.
class old_postgres {
public:
    explicit old_postgres(std::string version);
    ~old_postgres();
    old_postgres(const old_postgres&) = delete;
    old_postgres& operator=(const old_postgres&) = delete;

    std::string url() const;

private:
    void serve(const std::stop_token& over) const;
    void greet(int client) const;

    const std::string version_;
    int listener_ = -1;
    unsigned short port_ = 0;
    std::jthread thread_;
};

}  // namespace ocpi::test
