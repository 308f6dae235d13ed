#pragma once

#include "crud/crud.hpp"
#include "crud/postgres/connection.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

/// The operations of the port that read, each on the strand of its connection and in one trip where
/// it can be. They throw postgres_error.
namespace ocpi::crud::postgres {

boost::asio::awaitable<result<record>> find_record(connection& on, std::string module,
                                                   object_key key);
boost::asio::awaitable<result<record>> find_visible_record(connection& on, std::string module,
                                                           object_key key,
                                                           std::vector<party> emsps);
boost::asio::awaitable<result<record>> find_record_by_secondary_key(connection& on,
                                                                    std::string module,
                                                                    std::string key,
                                                                    record_filter filter);
boost::asio::awaitable<result<page>> list_records(connection& on, std::string module,
                                                  list_query query);
boost::asio::awaitable<result<sorted_page>> list_sorted_records(connection& on, std::string module,
                                                                sorted_query query);
boost::asio::awaitable<result<changes_page>> list_changed_records(connection& on,
                                                                  std::string module,
                                                                  changes_query query);
boost::asio::awaitable<result<search_page>> search_records(connection& on, std::string module,
                                                           search_query query);
boost::asio::awaitable<result<std::optional<totals>>> sum_records(connection& on,
                                                                  std::string module,
                                                                  totals_query query);
boost::asio::awaitable<result<revision>> find_latest_revision(connection& on);

}  // namespace ocpi::crud::postgres
