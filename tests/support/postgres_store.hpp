#pragma once

#include "crud/postgres/postgres_crud.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/recording_logger.hpp"

#include <memory>

namespace ocpi::test {

/// A database of its own on the shared server, and the options to open it with.
struct postgres_store {
    postgres_database database;
    std::shared_ptr<recording_logger> log = std::make_shared<recording_logger>();
    crud::postgres_options options;

    explicit postgres_store(postgres_server& server = postgres_server::shared()) : database(server)
    {
        options.connection.url = database.url();
        options.logger = log;
    }
};

}  // namespace ocpi::test
