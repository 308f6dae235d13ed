#pragma once

#include "crud/postgres/connection_options.hpp"
#include "crud/postgres/parameters.hpp"
#include "crud/postgres/rows.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::crud::postgres {

/// A statement with its values.
struct command {
    std::string sql;
    parameters values;

    command() = default;
    explicit command(std::string text) : sql(std::move(text)) {}
    command(std::string text, parameters of) : sql(std::move(text)), values(std::move(of)) {}
};

/// A connection to a server, in pipeline mode over an Asio socket. Used on one strand alone, which
/// may have many run()s under way: their statements go out one behind the other, without waiting
/// for answers. A lost connection stays lost; another one is made. The io_context outlives it.
///
/// Statements stay prepared in the server's session, so a pooler in between must keep sessions.
class connection {
public:
    connection(boost::asio::any_io_executor strand, connection_options options);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    /// Once. Connects to the first of the URL's servers that is suitable: version, encoding,
    /// settings, whether it can be written. Throws postgres_error, as every other function here.
    boost::asio::awaitable<void> open();

    /// Runs the statements in one go, up to a Sync of their own, and returns what each of them has
    /// returned. Each is prepared at its first use on this connection. Outside an explicit BEGIN
    /// they are one transaction. When one fails, those behind it are not run, a transaction begun
    /// explicitly is rolled back, and the failure is thrown.
    ///
    /// A run from BEGIN to COMMIT may have others behind it, which its failure does not touch; they
    /// may then be run in another order. A transaction of several run()s needs the connection for
    /// itself. These keywords are written in capitals.
    boost::asio::awaitable<std::vector<rows>> run(std::vector<command> commands);

    /// Runs a text of several statements without parameters, such as a schema.
    boost::asio::awaitable<void> execute(std::string sql);

    bool is_open() const noexcept;
    /// The run()s under way.
    std::size_t in_flight() const noexcept;

    /// Ends the connection; run()s under way fail as when it is lost.
    void close() noexcept;

private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace ocpi::crud::postgres
