# The headers that are installed, and no others. A program includes those of the face; the rest is
# what the face includes. tests/install holds both lists to that.

set(face_headers
    application/application.hpp
    auth/hashing.hpp
    auth/token_authenticator.hpp
    crud/errors.hpp
    crud/memory/memory_crud.hpp
    crud/page_bound.hpp
    crud/sqlite/sqlite_crud.hpp)
set(included_headers
    application/run_options.hpp
    auth/authenticator.hpp
    auth/principal.hpp
    auth/token_store.hpp
    crud/crud.hpp
    crud/object_key.hpp
    http/cors.hpp
    http/http_client.hpp
    http/list_limits.hpp
    http/message.hpp
    modules/credentials/image.hpp
    modules/credentials/registration_request.hpp
    modules/exchange/exchange_observer.hpp
    modules/exchange/pull_summary.hpp
    modules/managed/energy_prices.hpp
    modules/managed/price_curve.hpp
    modules/sessions/evse_directory.hpp
    modules/sessions/meter_series.hpp
    modules/sessions/meter_values.hpp
    modules/sessions/profile_type.hpp
    modules/sessions/session.hpp
    modules/sessions/session_data.hpp
    modules/sessions/session_snapshot.hpp
    modules/status/cost_source.hpp
    modules/status/shown_cost.hpp
    ocpi/base/ci_string.hpp
    ocpi/base/clock.hpp
    ocpi/base/date_time.hpp
    ocpi/base/decimal.hpp
    ocpi/base/error.hpp
    ocpi/base/logger.hpp
    ocpi/base/rational.hpp
    ocpi/base/time_zone.hpp
    ocpi/base/ttl_cache.hpp
    ocpi/json/document.hpp
    ocpi/protocol/paging.hpp
    ocpi/protocol/party.hpp
    ocpi/protocol/version.hpp
    partners/partner.hpp
    partners/token_form.hpp
    server/limits.hpp
    server/outbound_options.hpp
    server/tls_options.hpp)
target_sources(ocpi_sessions PUBLIC
    FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${face_headers} ${included_headers})
