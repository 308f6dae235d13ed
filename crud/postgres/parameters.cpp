#include "crud/postgres/parameters.hpp"

#include <boost/endian/conversion.hpp>

#include <stdexcept>

namespace ocpi::crud::postgres {

namespace {

// The OIDs of types, as PostgreSQL's pg_type has them in every version.
constexpr std::uint32_t boolean_type = 16;
constexpr std::uint32_t bytea_type = 17;
constexpr std::uint32_t bigint_type = 20;
constexpr std::uint32_t text_type = 25;
constexpr std::uint32_t bytea_array_type = 1001;
constexpr std::uint32_t text_array_type = 1009;
constexpr std::uint32_t bigint_array_type = 1016;

template <class Integer>
void append(std::string& bytes, Integer number)
{
    unsigned char form[sizeof number];
    boost::endian::endian_store<Integer, sizeof number, boost::endian::order::big>(form, number);
    bytes.append(reinterpret_cast<const char*>(form), sizeof form);
}

void append_element(std::string& bytes, std::int64_t number)
{
    append<std::int32_t>(bytes, sizeof number);
    append<std::int64_t>(bytes, number);
}

void append_element(std::string& bytes, std::string_view text)
{
    append<std::int32_t>(bytes, static_cast<std::int32_t>(text.size()));
    bytes.append(text);
}

std::size_t size_of(std::int64_t number)
{
    return sizeof number;
}

std::size_t size_of(std::string_view text)
{
    return text.size();
}

/// PostgreSQL takes no value of a gigabyte or more.
void check_size(std::size_t size)
{
    if (size >= std::size_t{1} << 30) throw std::length_error("a value is longer than 1 GB");
}

/// Dimensions, a flag that asks for nothing, the elements' type; per dimension its size and first
/// index; then each element with its length, which is -1 for NULL.
template <class Element>
parameters::value array_of(std::span<const std::optional<Element>> elements, std::uint32_t type,
                           std::uint32_t element_type)
{
    std::size_t size = 5 * sizeof(std::int32_t);
    std::int32_t has_null = 0;
    for (const auto& element : elements) {
        size += sizeof(std::int32_t) + (element ? size_of(*element) : 0);
        if (!element) has_null = 1;
    }
    check_size(size);
    parameters::value made{type, false, {}};
    auto& bytes = made.bytes;
    bytes.reserve(size);
    append<std::int32_t>(bytes, elements.empty() ? 0 : 1);
    append<std::int32_t>(bytes, has_null);
    append<std::uint32_t>(bytes, element_type);
    if (elements.empty()) return made;
    append<std::int32_t>(bytes, static_cast<std::int32_t>(elements.size()));
    append<std::int32_t>(bytes, 1);
    for (const auto& element : elements) {
        if (element) {
            append_element(bytes, *element);
        } else {
            append<std::int32_t>(bytes, -1);
        }
    }
    return made;
}

}  // namespace

parameters& parameters::add(std::int64_t number)
{
    values_.push_back({bigint_type, false, {}});
    append<std::int64_t>(values_.back().bytes, number);
    return *this;
}

parameters& parameters::add(std::string_view text)
{
    check_size(text.size());
    values_.push_back({text_type, false, std::string(text)});
    return *this;
}

parameters& parameters::add_bytes(std::string_view bytes)
{
    check_size(bytes.size());
    values_.push_back({bytea_type, false, std::string(bytes)});
    return *this;
}

parameters& parameters::add_boolean(bool flag)
{
    values_.push_back({boolean_type, false, std::string(1, flag ? '\1' : '\0')});
    return *this;
}

parameters& parameters::add_numbers(std::span<const std::optional<std::int64_t>> numbers)
{
    values_.push_back(array_of(numbers, bigint_array_type, bigint_type));
    return *this;
}

parameters& parameters::add_texts(std::span<const std::optional<std::string_view>> texts)
{
    values_.push_back(array_of(texts, text_array_type, text_type));
    return *this;
}

parameters& parameters::add_byte_arrays(std::span<const std::optional<std::string_view>> bytes)
{
    values_.push_back(array_of(bytes, bytea_array_type, bytea_type));
    return *this;
}

parameters& parameters::add_null_number()
{
    values_.push_back({bigint_type, true, {}});
    return *this;
}

parameters& parameters::add_null_text()
{
    values_.push_back({text_type, true, {}});
    return *this;
}

parameters& parameters::add_null_bytes()
{
    values_.push_back({bytea_type, true, {}});
    return *this;
}

}  // namespace ocpi::crud::postgres
