#pragma once

#include "crud/crud.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

/// What crud/crud.hpp promises, as a suite that any implementation can be held to, an embedding
/// program's included, with any test framework.
namespace ocpi::crud::contract {

/// Thrown by a case: what() says which promise was broken.
class violation : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct contract_case {
    /// The promise, as a sentence.
    std::string name;
    /// Throws violation. To be run on a store without records, which it leaves used. The caller
    /// keeps the executor it runs on going; a case may use threads of its own beside it.
    std::function<boost::asio::awaitable<void>(Crud&)> run;
};

std::vector<contract_case> contract_cases();

}  // namespace ocpi::crud::contract
