#include "tests/crud_contract/crud_contract.hpp"

#include "tests/crud_contract/cases.hpp"

#include <iterator>
#include <utility>

namespace ocpi::crud::contract {

std::vector<contract_case> contract_cases()
{
    std::vector<contract_case> all;
    for (auto part : {record_cases(), list_cases(), finding_cases(), searching_cases(),
                      page_bytes_cases(), concurrency_cases()}) {
        std::move(part.begin(), part.end(), std::back_inserter(all));
    }
    return all;
}

boost::asio::awaitable<void> create_all(Crud& crud, std::vector<document> documents)
{
    for (const document& each : documents) {
        expect_value(co_await crud.create("sessions", sender, each), "create");
    }
}

boost::asio::awaitable<void> expect_ids(Crud& crud, list_query query, std::string wanted,
                                        std::string promise)
{
    const auto listed = expect_value(co_await crud.list("sessions", sender, query), "list");
    expect(ids_of(listed) == wanted,
           promise + "; expected " + wanted + "but the list is " + ids_of(listed));
    expect(listed.total == listed.records.size(), promise + "; the total is wrong");
}

}  // namespace ocpi::crud::contract
