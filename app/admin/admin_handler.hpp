#pragma once

#include "app/admin/admin_sources.hpp"
#include "app/admin/loop_probe.hpp"
#include "http/request_handler.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <vector>

namespace ocpi::app {

/// Answers `GET /healthz`, `/readyz` and `/metrics` (docs/metrics.md). Anyone may ask.
class admin_handler final : public http::request_handler {
public:
    /// Neither may be nullptr.
    admin_handler(std::shared_ptr<admin_sources> sources, std::shared_ptr<loop_probe> loop);

    boost::asio::awaitable<http::response> respond(http::request received,
                                                   http::admission admitted) override;
    http::response refuse(const http::request& received, const error& reason) override;

private:
    boost::asio::awaitable<http::response> answer_health();
    boost::asio::awaitable<http::response> answer_readiness();
    boost::asio::awaitable<http::response> answer_metrics();
    boost::asio::awaitable<std::vector<std::string>> find_unready_reasons();

    const std::shared_ptr<admin_sources> sources_;
    const std::shared_ptr<loop_probe> loop_;
};

}  // namespace ocpi::app
