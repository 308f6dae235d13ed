#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// What may be shown and logged of a call to another platform: no token, and what may be one is
/// ***.
namespace ocpi::partners {

/// How much of another platform's words is shown, in bytes.
inline constexpr std::size_t max_quotation = 200;

/// Another platform's words, fit to be shown: without control characters, without the token that
/// it was called with, and without anything that might be another one.
std::string presentable(std::string words, const std::string& token);

/// The beginning of a body that is no envelope, fit to be shown. It is cut after what is secret has
/// been hidden: half a token would not be recognised.
std::string excerpt_of(std::string_view body, const std::string& token);

/// The path of a URL, fit to be logged: without the query, and each segment without a secret.
std::string presentable_path(const std::string& url, const std::string& token);

}  // namespace ocpi::partners
