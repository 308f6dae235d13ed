#pragma once

#include "crud/crud.hpp"
#include "tests/crud_contract/crud_contract.hpp"

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// What the parts of the suite share.
namespace ocpi::crud::contract {

std::vector<contract_case> record_cases();
std::vector<contract_case> list_cases();
std::vector<contract_case> finding_cases();
std::vector<contract_case> searching_cases();
std::vector<contract_case> page_bytes_cases();
std::vector<contract_case> concurrency_cases();

inline void expect(bool kept, const std::string& promise)
{
    if (!kept) throw violation(promise);
}

/// The value, or a violation that tells which error stood in its place.
template <class T>
T expect_value(result<T> outcome, const std::string& doing)
{
    if (outcome.has_error()) {
        throw violation(doing + " failed with " + std::string(to_string(outcome.error().code())) +
                        ": " + outcome.error().text() + " " + outcome.error().log_text());
    }
    if constexpr (!std::is_void_v<T>) return std::move(*outcome);
}

template <class T>
void expect_error(const result<T>& outcome, errc wanted, const std::string& doing)
{
    const auto name = std::string(to_string(wanted));
    if (outcome.has_value()) throw violation(doing + " succeeded instead of failing with " + name);
    if (outcome.error().code() == wanted) return;
    throw violation(doing + " failed with " + std::string(to_string(outcome.error().code())) +
                    " instead of " + name);
}

inline date_time at(std::int64_t milliseconds)
{
    return date_time::from_milliseconds(milliseconds);
}

/// A document of ES*ABC that is about no eMSP.
inline document make_document(std::string id, std::string json = "{}",
                              date_time updated = at(1'700'000'000'000))
{
    return document(object_key("ES", "ABC", std::move(id)), std::move(json), updated, std::nullopt);
}

inline constexpr auto sender = interface_side::sender;
inline constexpr auto receiver = interface_side::receiver;

/// In the module "sessions".
boost::asio::awaitable<void> create_all(Crud& crud, std::vector<document> documents);

/// The ids of a page, in order, each followed by a space.
template <class Page>
std::string ids_of(const Page& listed)
{
    std::string ids;
    for (const record& each : listed.records) ids += each.document.key.id.str() + " ";
    return ids;
}

/// A violation unless the list has those ids, and their total.
boost::asio::awaitable<void> expect_ids(Crud& crud, list_query query, std::string wanted,
                                        std::string promise);

}  // namespace ocpi::crud::contract
