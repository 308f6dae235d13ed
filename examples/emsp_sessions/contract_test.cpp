#include "my_crud.hpp"

#include "tests/crud_contract/crud_contract.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <cstdio>
#include <exception>

/// Holds my_crud to everything that the server expects of a store.
int main()
{
    int broken = 0;
    for (const auto& promise : ocpi::crud::contract::contract_cases()) {
        my_crud crud;
        boost::asio::io_context context;
        auto kept = boost::asio::co_spawn(context, promise.run(crud), boost::asio::use_future);
        try {
            context.run();
            kept.get();
        } catch (const std::exception& failure) {
            std::fprintf(stderr, "%s: %s\n", promise.name.c_str(), failure.what());
            ++broken;
        }
    }
    return broken == 0 ? 0 : 1;
}
