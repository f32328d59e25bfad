BEGIN TRANSACTION;
CREATE TABLE accounts (
	id VARCHAR(64) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	"plan" VARCHAR(64) NOT NULL, 
	created_at_ms BIGINT NOT NULL, 
	last_served_at_ms BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_accounts PRIMARY KEY (id), 
	CONSTRAINT uq_accounts_name UNIQUE (name)
);
INSERT INTO "accounts" VALUES('cmwwvs5cbg2pkw8hh98shz0er','default','unlimited',1795656943883,1795656961972);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE api_keys (
	id VARCHAR(64) NOT NULL, 
	account_id VARCHAR(64) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	key_hash VARCHAR(64) NOT NULL, 
	hint VARCHAR(32) NOT NULL, 
	created_at_ms BIGINT NOT NULL, 
	revoked_at_ms BIGINT, 
	CONSTRAINT pk_api_keys PRIMARY KEY (id), 
	CONSTRAINT fk_api_keys_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id), 
	CONSTRAINT uq_api_keys_key_hash UNIQUE (key_hash)
);
INSERT INTO "api_keys" VALUES('cmwwvs5cc6zms0m91439t71r0','cmwwvs5cbg2pkw8hh98shz0er','test','a05964572c1d0cc2d6203974c95dc78a44dc19926d5c6ee58120d09f26da4080','lwk_live_000000',1795656943885,NULL);
CREATE TABLE idempotency_keys (
	account_id VARCHAR(64) NOT NULL, 
	"key" VARCHAR(255) NOT NULL, 
	request_hash VARCHAR(64) NOT NULL, 
	answer JSON NOT NULL, 
	created_at_ms BIGINT NOT NULL, 
	CONSTRAINT pk_idempotency_keys PRIMARY KEY (account_id, "key")
);
INSERT INTO "idempotency_keys" VALUES('cmwwvs5cbg2pkw8hh98shz0er','made-by-the-old-version','684a509194b5c904a01a618fba04df47a7b98452a3f67f5f173b1f215d8efafb','{"id": "cmwwvs7hj1pb2vnafff6cikbv", "credits_charged": 20, "estimated_frame_cost": 20}',1795656946674);
CREATE TABLE ledger (
	id INTEGER NOT NULL, 
	account_id VARCHAR(64) NOT NULL, 
	reference VARCHAR(128) NOT NULL, 
	credits BIGINT NOT NULL, 
	note VARCHAR(200) NOT NULL, 
	created_at_ms BIGINT NOT NULL, 
	CONSTRAINT pk_ledger PRIMARY KEY (id), 
	CONSTRAINT fk_ledger_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id), 
	CONSTRAINT uq_ledger_account_id_reference UNIQUE (account_id, reference)
);
INSERT INTO "ledger" VALUES(1,'cmwwvs5cbg2pkw8hh98shz0er','hold:cmwwvs7hj1pb2vnafff6cikbv',-20,'estimate held',1795656946664);
INSERT INTO "ledger" VALUES(2,'cmwwvs5cbg2pkw8hh98shz0er','hold:cmwwvs7mbg6wk7tgpc70yyxsm',-20,'estimate held',1795656946835);
INSERT INTO "ledger" VALUES(3,'cmwwvs5cbg2pkw8hh98shz0er','end:cmwwvs7hj1pb2vnafff6cikbv',0,'settled',1795656953459);
INSERT INTO "ledger" VALUES(4,'cmwwvs5cbg2pkw8hh98shz0er','end:cmwwvs7mbg6wk7tgpc70yyxsm',20,'refunded',1795656953653);
INSERT INTO "ledger" VALUES(5,'cmwwvs5cbg2pkw8hh98shz0er','hold:cmwwvsj7w3b33niafhu896qq2',-20,'estimate held',1795656961868);
INSERT INTO "ledger" VALUES(6,'cmwwvs5cbg2pkw8hh98shz0er','hold:cmwwvsja26b7nxv8gcvvknjch',-1,'estimate held',1795656961947);
INSERT INTO "ledger" VALUES(7,'cmwwvs5cbg2pkw8hh98shz0er','hold:cmwwvsr7uvk5msuc6uucby26j',-20,'estimate held',1795656972234);
INSERT INTO "ledger" VALUES(8,'cmwwvs5cbg2pkw8hh98shz0er','hold:cmwwvsr7yyet7hsvcwj3kwe9l',-1,'estimate held',1795656972238);
INSERT INTO "ledger" VALUES(9,'cmwwvs5cbg2pkw8hh98shz0er','hold:cmwwvsranaz5ce4qrid6nmnua',-20,'estimate held',1795656972336);
INSERT INTO "ledger" VALUES(10,'cmwwvs5cbg2pkw8hh98shz0er','end:cmwwvsranaz5ce4qrid6nmnua',20,'refunded',1795656972343);
CREATE TABLE processes (
	id VARCHAR(64) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	host VARCHAR(255) NOT NULL, 
	pid INTEGER NOT NULL, 
	started_at_ms BIGINT NOT NULL, 
	seen_at_ms BIGINT NOT NULL, 
	CONSTRAINT pk_processes PRIMARY KEY (id)
);
INSERT INTO "processes" VALUES('cmwwvs7797e1xq1jqnqqfhfog','server','old-machine/1',10137,1795656946293,1795656972329);
INSERT INTO "processes" VALUES('cmwwvsileeyklqgk2v8su65sl','worker','old-machine/1',10201,1795656961059,1795656971203);
INSERT INTO "processes" VALUES('cmwwvsixgwzag5mbytrd1ox56','worker','old-machine/1',10202,1795656961492,1795656969660);
CREATE TABLE projects (
	id VARCHAR(64) NOT NULL, 
	account_id VARCHAR(64) NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	created_at_ms BIGINT NOT NULL, 
	finished_at_ms BIGINT, 
	public_url TEXT NOT NULL, 
	"order" JSON NOT NULL, 
	start_s FLOAT NOT NULL, 
	end_s FLOAT NOT NULL, 
	credits_charged BIGINT NOT NULL, 
	width_px INTEGER NOT NULL, 
	height_px INTEGER NOT NULL, 
	frame_rate FLOAT NOT NULL, 
	error_code VARCHAR(64), 
	error_message TEXT, 
	output_keys JSON NOT NULL, 
	warnings JSON NOT NULL, 
	worker_id VARCHAR(64), 
	takeovers INTEGER DEFAULT '0' NOT NULL, 
	progress FLOAT DEFAULT '0' NOT NULL, 
	stage VARCHAR(32), 
	seconds_left FLOAT, 
	CONSTRAINT pk_projects PRIMARY KEY (id), 
	CONSTRAINT fk_projects_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id)
);
INSERT INTO "projects" VALUES('cmwwvs7hj1pb2vnafff6cikbv','cmwwvs5cbg2pkw8hh98shz0er','TALKING_PHOTO','Of the old version','complete',1,1795656946663,1795656953458,'http://127.0.0.1:48711','{"max_fetch_bytes": 10000000000, "kind": "TALKING_PHOTO", "image": {"field": "image", "extension": "jpg", "key": "api-assets/cmwwvs7efm5c9bb6tlrkbi1yf/image.jpg", "url": null}, "audio": {"field": "audio", "extension": "mp3", "key": "api-assets/cmwwvs7fzfwkq0f4pkjfqyf0s/audio.mp3", "url": null}, "text": null, "voice": null, "start_s": 0.0, "end_s": 0.4, "mode": "realistic", "prompt": "", "intensity": 1.5, "longer_side_px": 240, "transcript": null}',0.0,0.4,20,240,240,30.0,NULL,NULL,'["cmwwvs7hj1pb2vnafff6cikbv/output.mp4"]','[]','cmwwvs947i6mpxgrlzfpfqcr1',0,1.0,NULL,0.0);
INSERT INTO "projects" VALUES('cmwwvs7mbg6wk7tgpc70yyxsm','cmwwvs5cbg2pkw8hh98shz0er','TALKING_PHOTO','Of the old version','error',1,1795656946835,1795656953652,'http://127.0.0.1:48711','{"max_fetch_bytes": 10000000000, "kind": "TALKING_PHOTO", "image": {"field": "image", "extension": "png", "key": "api-assets/cmwwvs7i7v9dv7y2iei6nhbys/image.png", "url": null}, "audio": {"field": "audio", "extension": "mp3", "key": "api-assets/cmwwvs7k3e2rmbbiu64giyrxv/audio.mp3", "url": null}, "text": null, "voice": null, "start_s": 0.0, "end_s": 0.4, "mode": "realistic", "prompt": "", "intensity": 1.5, "longer_side_px": 240, "transcript": null}',0.0,0.4,0,-1,-1,30.0,'invalid_image_file','image.png holds no picture that can be read. Save it again as JPEG or PNG.','[]','[]','cmwwvs947i6mpxgrlzfpfqcr1',0,0.0,NULL,NULL);
INSERT INTO "projects" VALUES('cmwwvsj7w3b33niafhu896qq2','cmwwvs5cbg2pkw8hh98shz0er','TALKING_PHOTO','Of the old version','rendering',1,1795656961868,NULL,'http://127.0.0.1:48711','{"max_fetch_bytes": 10000000000, "kind": "TALKING_PHOTO", "image": {"field": "image", "extension": "jpg", "key": "api-assets/cmwwvsiyfyuapjxbrqryqhwst/image.jpg", "url": null}, "audio": {"field": "audio", "extension": "mp3", "key": "api-assets/cmwwvsj2naxbm9q1m1vpjc3l2/audio.mp3", "url": null}, "text": null, "voice": null, "start_s": 0.0, "end_s": 0.4, "mode": "realistic", "prompt": "", "intensity": 1.5, "longer_side_px": 240, "transcript": null}',0.0,0.4,20,-1,-1,30.0,NULL,NULL,'[]','[]','cmwwvsileeyklqgk2v8su65sl',0,1.50000000000000022204e-01,'rendering',8.82336947233397772549e+00);
INSERT INTO "projects" VALUES('cmwwvsja26b7nxv8gcvvknjch','cmwwvs5cbg2pkw8hh98shz0er','VOICE_GENERATOR','Voice Generator - 2026-11-26 01:36','rendering',1,1795656961946,NULL,'http://127.0.0.1:48711','{"max_fetch_bytes": 10000000000, "kind": "VOICE_GENERATOR", "text": "Oh.", "voice": "x"}',0.0,0.0,1,-1,-1,0.0,NULL,NULL,'[]','[]','cmwwvsixgwzag5mbytrd1ox56',0,0.0,NULL,NULL);
INSERT INTO "projects" VALUES('cmwwvsr7uvk5msuc6uucby26j','cmwwvs5cbg2pkw8hh98shz0er','TALKING_PHOTO','Of the old version','queued',1,1795656972234,NULL,'http://127.0.0.1:48711','{"max_fetch_bytes": 10000000000, "kind": "TALKING_PHOTO", "image": {"field": "image", "extension": "jpg", "key": "api-assets/cmwwvsr4m8001z4vcgr2diqpe/image.jpg", "url": null}, "audio": {"field": "audio", "extension": "mp3", "key": "api-assets/cmwwvsr71el29nrhh66io9i8q/audio.mp3", "url": null}, "text": null, "voice": null, "start_s": 0.0, "end_s": 0.4, "mode": "realistic", "prompt": "", "intensity": 1.5, "longer_side_px": 240, "transcript": null}',0.0,0.4,20,-1,-1,30.0,NULL,NULL,'[]','[]',NULL,0,0.0,NULL,NULL);
INSERT INTO "projects" VALUES('cmwwvsr7yyet7hsvcwj3kwe9l','cmwwvs5cbg2pkw8hh98shz0er','VOICE_GENERATOR','Voice Generator - 2026-11-26 01:36','queued',1,1795656972238,NULL,'http://127.0.0.1:48711','{"max_fetch_bytes": 10000000000, "kind": "VOICE_GENERATOR", "text": "Ah.", "voice": "x"}',0.0,0.0,1,-1,-1,0.0,NULL,NULL,'[]','[]',NULL,0,0.0,NULL,NULL);
INSERT INTO "projects" VALUES('cmwwvsranaz5ce4qrid6nmnua','cmwwvs5cbg2pkw8hh98shz0er','TALKING_PHOTO','Of the old version','canceled',1,1795656972335,1795656972342,'http://127.0.0.1:48711','{"max_fetch_bytes": 10000000000, "kind": "TALKING_PHOTO", "image": {"field": "image", "extension": "jpg", "key": "api-assets/cmwwvsr8118oqmjyx6sontd16/image.jpg", "url": null}, "audio": {"field": "audio", "extension": "mp3", "key": "api-assets/cmwwvsr99qf0ysp32hwfip9r7/audio.mp3", "url": null}, "text": null, "voice": null, "start_s": 0.0, "end_s": 0.4, "mode": "realistic", "prompt": "", "intensity": 1.5, "longer_side_px": 240, "transcript": null}',0.0,0.4,0,-1,-1,30.0,NULL,NULL,'[]','[]',NULL,0,0.0,NULL,NULL);
CREATE TABLE server_secrets (
	name VARCHAR(64) NOT NULL, 
	value VARCHAR(128) NOT NULL, 
	CONSTRAINT pk_server_secrets PRIMARY KEY (name)
);
INSERT INTO "server_secrets" VALUES('signing_key','abababababababababababababababababababababababababababababababab');
CREATE TABLE uploads (
	file_path VARCHAR(200) NOT NULL, 
	account_id VARCHAR(64) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	created_at_ms BIGINT NOT NULL, 
	CONSTRAINT pk_uploads PRIMARY KEY (file_path), 
	CONSTRAINT fk_uploads_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id)
);
INSERT INTO "uploads" VALUES('api-assets/cmwwvs7efm5c9bb6tlrkbi1yf/image.jpg','cmwwvs5cbg2pkw8hh98shz0er','image',1795656946551);
INSERT INTO "uploads" VALUES('api-assets/cmwwvs7fzfwkq0f4pkjfqyf0s/audio.mp3','cmwwvs5cbg2pkw8hh98shz0er','audio',1795656946607);
INSERT INTO "uploads" VALUES('api-assets/cmwwvs7i7v9dv7y2iei6nhbys/image.png','cmwwvs5cbg2pkw8hh98shz0er','image',1795656946687);
INSERT INTO "uploads" VALUES('api-assets/cmwwvs7k3e2rmbbiu64giyrxv/audio.mp3','cmwwvs5cbg2pkw8hh98shz0er','audio',1795656946755);
INSERT INTO "uploads" VALUES('api-assets/cmwwvsiyfyuapjxbrqryqhwst/image.jpg','cmwwvs5cbg2pkw8hh98shz0er','image',1795656961527);
INSERT INTO "uploads" VALUES('api-assets/cmwwvsj2naxbm9q1m1vpjc3l2/audio.mp3','cmwwvs5cbg2pkw8hh98shz0er','audio',1795656961679);
INSERT INTO "uploads" VALUES('api-assets/cmwwvsr4m8001z4vcgr2diqpe/image.jpg','cmwwvs5cbg2pkw8hh98shz0er','image',1795656972118);
INSERT INTO "uploads" VALUES('api-assets/cmwwvsr71el29nrhh66io9i8q/audio.mp3','cmwwvs5cbg2pkw8hh98shz0er','audio',1795656972205);
INSERT INTO "uploads" VALUES('api-assets/cmwwvsr8118oqmjyx6sontd16/image.jpg','cmwwvs5cbg2pkw8hh98shz0er','image',1795656972241);
INSERT INTO "uploads" VALUES('api-assets/cmwwvsr99qf0ysp32hwfip9r7/audio.mp3','cmwwvs5cbg2pkw8hh98shz0er','audio',1795656972285);
CREATE TABLE webhook_attempts (
	id VARCHAR(64) NOT NULL, 
	delivery_id VARCHAR(64) NOT NULL, 
	made_at_ms BIGINT NOT NULL, 
	duration_ms INTEGER NOT NULL, 
	status_code INTEGER, 
	failure TEXT, 
	CONSTRAINT pk_webhook_attempts PRIMARY KEY (id), 
	CONSTRAINT fk_webhook_attempts_delivery_id_webhook_deliveries FOREIGN KEY(delivery_id) REFERENCES webhook_deliveries (id)
);
INSERT INTO "webhook_attempts" VALUES('cmwwvs9jub53qyfa3olu20f6o','cmwwvs95owdt0vbkanngiizvg',1795656949325,12,204,NULL);
INSERT INTO "webhook_attempts" VALUES('cmwwvsd1hmxxo335arb511m8w','cmwwvscqd3ud1upx4zz57o32t',1795656953853,7,204,NULL);
INSERT INTO "webhook_attempts" VALUES('cmwwvsd1kj4gc17i9cnbptxgf','cmwwvscvqnwz2dw0xeoog8zj6',1795656953860,4,204,NULL);
INSERT INTO "webhook_attempts" VALUES('cmwwvsd1m1nmc5fq9qqtphnr8','cmwwvscqjkrublju2vv8bfq9t',1795656953859,5,204,NULL);
INSERT INTO "webhook_attempts" VALUES('cmwwvsjfrbv10prhh1ykuctst','cmwwvsj99lbvx0ongi39g26c9',1795656962149,1,NULL,'ConnectError');
INSERT INTO "webhook_attempts" VALUES('cmwwvsjfvwyqph7o8v5xw4yi8','cmwwvsjb4mx2348nk0kw78dac',1795656962154,0,NULL,'ConnectError');
INSERT INTO "webhook_attempts" VALUES('cmwwvsk7xquxlu2z93mt4e4wm','cmwwvsj99lbvx0ongi39g26c9',1795656963164,0,NULL,'ConnectError');
INSERT INTO "webhook_attempts" VALUES('cmwwvsk86y3ilde5lzh61c7g5','cmwwvsjb4mx2348nk0kw78dac',1795656963173,0,NULL,'ConnectError');
INSERT INTO "webhook_attempts" VALUES('cmwwvsls3s27zaadvp597dbn0','cmwwvsj99lbvx0ongi39g26c9',1795656965187,0,NULL,'ConnectError');
INSERT INTO "webhook_attempts" VALUES('cmwwvsls60thvos8cxewfjm9m','cmwwvsjb4mx2348nk0kw78dac',1795656965189,0,NULL,'ConnectError');
INSERT INTO "webhook_attempts" VALUES('cmwwvsowg3d4xk6k8xj9jmfoc','cmwwvsj99lbvx0ongi39g26c9',1795656969232,0,NULL,'ConnectError');
INSERT INTO "webhook_attempts" VALUES('cmwwvsowuopw5llq4cd1ojz40','cmwwvsjb4mx2348nk0kw78dac',1795656969246,0,NULL,'ConnectError');
CREATE TABLE webhook_deliveries (
	id VARCHAR(64) NOT NULL, 
	event_id VARCHAR(64) NOT NULL, 
	webhook_id VARCHAR(64) NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	attempts INTEGER NOT NULL, 
	created_at_ms BIGINT NOT NULL, 
	next_attempt_at_ms BIGINT NOT NULL, 
	CONSTRAINT pk_webhook_deliveries PRIMARY KEY (id), 
	CONSTRAINT fk_webhook_deliveries_event_id_webhook_events FOREIGN KEY(event_id) REFERENCES webhook_events (id), 
	CONSTRAINT fk_webhook_deliveries_webhook_id_webhooks FOREIGN KEY(webhook_id) REFERENCES webhooks (id)
);
INSERT INTO "webhook_deliveries" VALUES('cmwwvs95owdt0vbkanngiizvg','cmwwvs95ohf5tq3h9eumlu9ub','cmwwvs7e57al1ctrf86svkqm4','delivered',1,1795656948828,1795656950338);
INSERT INTO "webhook_deliveries" VALUES('cmwwvscqd3ud1upx4zz57o32t','cmwwvscqci6junld5qene70f8','cmwwvs7e57al1ctrf86svkqm4','delivered',1,1795656953461,1795656954861);
INSERT INTO "webhook_deliveries" VALUES('cmwwvscqjkrublju2vv8bfq9t','cmwwvscqiigz0945jqg8hm1sh','cmwwvs7e57al1ctrf86svkqm4','delivered',1,1795656953467,1795656954866);
INSERT INTO "webhook_deliveries" VALUES('cmwwvscvqnwz2dw0xeoog8zj6','cmwwvscvqijgpq5sikio5oi22','cmwwvs7e57al1ctrf86svkqm4','delivered',1,1795656953654,1795656954864);
INSERT INTO "webhook_deliveries" VALUES('cmwwvsj99lbvx0ongi39g26c9','cmwwvsj96pwxfh0nppyhoitbc','cmwwvs7e57al1ctrf86svkqm4','pending',4,1795656961917,1795656977232);
INSERT INTO "webhook_deliveries" VALUES('cmwwvsjb4mx2348nk0kw78dac','cmwwvsjb348cndhwfjjadtwvn','cmwwvs7e57al1ctrf86svkqm4','pending',4,1795656961984,1795656977246);
CREATE TABLE webhook_events (
	id VARCHAR(64) NOT NULL, 
	account_id VARCHAR(64) NOT NULL, 
	project_id VARCHAR(64) NOT NULL, 
	type VARCHAR(32) NOT NULL, 
	body TEXT NOT NULL, 
	created_at_ms BIGINT NOT NULL, 
	CONSTRAINT pk_webhook_events PRIMARY KEY (id), 
	CONSTRAINT uq_webhook_events_project_id_type UNIQUE (project_id, type)
);
INSERT INTO "webhook_events" VALUES('cmwwvs95ohf5tq3h9eumlu9ub','cmwwvs5cbg2pkw8hh98shz0er','cmwwvs7hj1pb2vnafff6cikbv','video.started','{"type":"video.started","payload":{"id":"cmwwvs7hj1pb2vnafff6cikbv","name":"Of the old version","status":"rendering","type":"TALKING_PHOTO","created_at":"2026-11-26T01:35:46.663Z","width":-1,"height":-1,"enabled":true,"start_seconds":0.0,"end_seconds":0.4,"fps":30.0,"credits_charged":20,"total_frame_cost":20,"error":null,"downloads":[],"download":null,"progress":{"fraction":0.0,"stage":null,"seconds_left":null},"warnings":[]}}',1795656948828);
INSERT INTO "webhook_events" VALUES('cmwwvscqci6junld5qene70f8','cmwwvs5cbg2pkw8hh98shz0er','cmwwvs7hj1pb2vnafff6cikbv','video.completed','{"type":"video.completed","payload":{"id":"cmwwvs7hj1pb2vnafff6cikbv","name":"Of the old version","status":"complete","type":"TALKING_PHOTO","created_at":"2026-11-26T01:35:46.663Z","width":240,"height":240,"enabled":true,"start_seconds":0.0,"end_seconds":0.4,"fps":30.0,"credits_charged":20,"total_frame_cost":20,"error":null,"downloads":[{"url":"http://127.0.0.1:48711/media/cmwwvs7hj1pb2vnafff6cikbv/output.mp4?exp=1795743353&sig=449e70e9e8cacfa80dc7f7dd44fd5608a2052551b92cc605d698f6b6fbc8ef91","expires_at":"2026-11-27T01:35:53.000Z"}],"download":{"url":"http://127.0.0.1:48711/media/cmwwvs7hj1pb2vnafff6cikbv/output.mp4?exp=1795743353&sig=449e70e9e8cacfa80dc7f7dd44fd5608a2052551b92cc605d698f6b6fbc8ef91","expires_at":"2026-11-27T01:35:53.000Z"},"progress":{"fraction":1.0,"stage":null,"seconds_left":0.0},"warnings":[]}}',1795656953460);
INSERT INTO "webhook_events" VALUES('cmwwvscqiigz0945jqg8hm1sh','cmwwvs5cbg2pkw8hh98shz0er','cmwwvs7mbg6wk7tgpc70yyxsm','video.started','{"type":"video.started","payload":{"id":"cmwwvs7mbg6wk7tgpc70yyxsm","name":"Of the old version","status":"rendering","type":"TALKING_PHOTO","created_at":"2026-11-26T01:35:46.835Z","width":-1,"height":-1,"enabled":true,"start_seconds":0.0,"end_seconds":0.4,"fps":30.0,"credits_charged":20,"total_frame_cost":20,"error":null,"downloads":[],"download":null,"progress":{"fraction":0.0,"stage":null,"seconds_left":null},"warnings":[]}}',1795656953466);
INSERT INTO "webhook_events" VALUES('cmwwvscvqijgpq5sikio5oi22','cmwwvs5cbg2pkw8hh98shz0er','cmwwvs7mbg6wk7tgpc70yyxsm','video.errored','{"type":"video.errored","payload":{"id":"cmwwvs7mbg6wk7tgpc70yyxsm","name":"Of the old version","status":"error","type":"TALKING_PHOTO","created_at":"2026-11-26T01:35:46.835Z","width":-1,"height":-1,"enabled":true,"start_seconds":0.0,"end_seconds":0.4,"fps":30.0,"credits_charged":0,"total_frame_cost":0,"error":{"message":"image.png holds no picture that can be read. Save it again as JPEG or PNG.","code":"invalid_image_file"},"downloads":[],"download":null,"progress":{"fraction":0.0,"stage":null,"seconds_left":null},"warnings":[]}}',1795656953654);
INSERT INTO "webhook_events" VALUES('cmwwvsj96pwxfh0nppyhoitbc','cmwwvs5cbg2pkw8hh98shz0er','cmwwvsj7w3b33niafhu896qq2','video.started','{"type":"video.started","payload":{"id":"cmwwvsj7w3b33niafhu896qq2","name":"Of the old version","status":"rendering","type":"TALKING_PHOTO","created_at":"2026-11-26T01:36:01.868Z","width":-1,"height":-1,"enabled":true,"start_seconds":0.0,"end_seconds":0.4,"fps":30.0,"credits_charged":20,"total_frame_cost":20,"error":null,"downloads":[],"download":null,"progress":{"fraction":0.0,"stage":null,"seconds_left":null},"warnings":[]}}',1795656961914);
INSERT INTO "webhook_events" VALUES('cmwwvsjb348cndhwfjjadtwvn','cmwwvs5cbg2pkw8hh98shz0er','cmwwvsja26b7nxv8gcvvknjch','audio.started','{"type":"audio.started","payload":{"id":"cmwwvsja26b7nxv8gcvvknjch","name":"Voice Generator - 2026-11-26 01:36","status":"rendering","type":"VOICE_GENERATOR","created_at":"2026-11-26T01:36:01.946Z","enabled":true,"credits_charged":1,"downloads":[],"error":null,"progress":{"fraction":0.0,"stage":null,"seconds_left":null}}}',1795656961983);
CREATE TABLE webhooks (
	id VARCHAR(64) NOT NULL, 
	account_id VARCHAR(64) NOT NULL, 
	url TEXT NOT NULL, 
	event_types JSON NOT NULL, 
	secret VARCHAR(128) NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	created_at_ms BIGINT NOT NULL, 
	CONSTRAINT pk_webhooks PRIMARY KEY (id), 
	CONSTRAINT fk_webhooks_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id)
);
INSERT INTO "webhooks" VALUES('cmwwvs7e57al1ctrf86svkqm4','cmwwvs5cbg2pkw8hh98shz0er','http://127.0.0.1:40785/hook','["video.started", "video.completed", "video.errored", "audio.started", "audio.completed", "audio.errored"]','whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',1,1795656946541);
CREATE INDEX ix_idempotency_keys_created_at_ms ON idempotency_keys (created_at_ms);
CREATE INDEX ix_webhook_events_created_at_ms ON webhook_events (created_at_ms);
CREATE INDEX ix_api_keys_account_id ON api_keys (account_id);
CREATE INDEX ix_projects_account ON projects (account_id, created_at_ms);
CREATE INDEX ix_projects_queue ON projects (status, account_id, created_at_ms);
CREATE INDEX ix_uploads_created_at_ms ON uploads (created_at_ms);
CREATE INDEX ix_webhooks_account_id ON webhooks (account_id);
CREATE INDEX ix_webhook_deliveries_due ON webhook_deliveries (status, next_attempt_at_ms);
CREATE INDEX ix_webhook_deliveries_event_id ON webhook_deliveries (event_id);
CREATE INDEX ix_webhook_deliveries_webhook_id ON webhook_deliveries (webhook_id);
CREATE INDEX ix_webhook_attempts_delivery_id ON webhook_attempts (delivery_id);
COMMIT;
