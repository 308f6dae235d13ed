#include "crud/postgres/blocking_connection.hpp"

#include <chrono>
#include <utility>

namespace ocpi::crud::postgres {
namespace {

constexpr std::chrono::hours patience{12};

connection_options with_patience(connection_options options)
{
    options.answer_timeout = patience;
    return options;
}

}  // namespace

blocking_connection::blocking_connection(connection_options options)
    : connection_(context_.get_executor(), with_patience(std::move(options)))
{
    wait(connection_.open());
}

blocking_connection::~blocking_connection()
{
    connection_.close();
    // What ends because of it.
    context_.restart();
    context_.poll();
}

std::vector<rows> blocking_connection::run(std::vector<command> commands)
{
    return wait(connection_.run(std::move(commands)));
}

rows blocking_connection::run(command one)
{
    std::vector<command> commands;
    commands.push_back(std::move(one));
    auto returned = run(std::move(commands));
    return std::move(returned.front());
}

void blocking_connection::execute(const std::string& sql)
{
    wait(connection_.execute(sql));
}

}  // namespace ocpi::crud::postgres
