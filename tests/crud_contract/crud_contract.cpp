#include "tests/crud_contract/crud_contract.hpp"

#include "tests/crud_contract/cases.hpp"

#include <iterator>
#include <utility>

namespace ocpi::crud::contract {

std::vector<contract_case> contract_cases()
{
    std::vector<contract_case> all;
    for (auto part :
         {record_cases(), list_cases(), finding_cases(), page_bytes_cases(), concurrency_cases()}) {
        std::move(part.begin(), part.end(), std::back_inserter(all));
    }
    return all;
}

}  // namespace ocpi::crud::contract
