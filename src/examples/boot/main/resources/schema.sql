-- as Spring Security reads them
create table if not exists users (
  username varchar_ignorecase(50) primary key,
  password varchar(500) not null,
  enabled boolean not null
);
create table if not exists authorities (
  username varchar_ignorecase(50) not null references users,
  authority varchar_ignorecase(50) not null,
  primary key (username, authority)
);
create table if not exists persistent_logins (
  username varchar(64) not null,
  series varchar(64) primary key,
  token varchar(64) not null,
  last_used timestamp not null
);
