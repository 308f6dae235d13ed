#pragma once

#include "crud/postgres/connection.hpp"
#include "crud/postgres/rows.hpp"

#include <boost/asio/io_context.hpp>

#include <string>
#include <vector>

namespace ocpi::crud::postgres {

/// A connection for a command that does one thing after the other, on one thread. A statement may
/// take hours. Functions throw std::runtime_error with a text for the operator.
class blocking_connection {
public:
    explicit blocking_connection(connection_options options);
    ~blocking_connection();
    blocking_connection(const blocking_connection&) = delete;
    blocking_connection& operator=(const blocking_connection&) = delete;

    /// As connection::run().
    std::vector<rows> run(std::vector<command> commands);
    rows run(command one);
    /// As connection::execute().
    void execute(const std::string& sql);

private:
    boost::asio::io_context context_{1};
    connection connection_;
};

}  // namespace ocpi::crud::postgres
