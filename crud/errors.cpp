#include "crud/errors.hpp"

#include <utility>

namespace ocpi::crud {

error no_such_record()
{
    return {errc::not_found, "there is no such record"};
}

error key_taken()
{
    return {errc::already_exists, "there is already a record with this key"};
}

error revision_mismatch()
{
    return {errc::conflict, "the record has been changed by another request"};
}

bool is_write_conflict(const error& failure) noexcept
{
    return failure.code() == errc::conflict || failure.code() == errc::already_exists;
}

error store_overloaded()
{
    return {errc::overloaded, "too many requests are waiting for the store; try again in a moment"};
}

error store_unavailable(std::string cause)
{
    return {errc::storage,
            "the store cannot be reached or written at the moment; try again later",
            {},
            std::move(cause)};
}

error store_unreachable(std::string cause)
{
    return {errc::overloaded,
            "the store cannot be reached at the moment; try again in a moment",
            {},
            std::move(cause)};
}

error lease_lost(const std::string& name)
{
    return {errc::lease_lost,
            "another process does this work now; try again in a moment",
            {},
            "the lease " + name + " belongs to another process now"};
}

}  // namespace ocpi::crud
